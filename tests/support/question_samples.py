"""A folder of shipped content with one place broken."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from bot.questions import Content, ContentError, load_all
from bot.questions.loading import FOLDER

BESIDE = {"workshop": {"bias_lexicon", "manager_review"}}


class Case(NamedTuple):
    """`old` is replaced by `new` once; the error is expected in that line, or in the first that has `line_of`."""

    file: str
    old: str
    new: str
    key: str
    says: str
    line_of: str = ""


class Broken:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, file: str, old: str, new: str) -> Content:
        for name in {file, "scales", "competencies"} | BESIDE.get(file, set()):
            (self.folder / f"{name}.yaml").write_bytes((FOLDER / f"{name}.yaml").read_bytes())
        text = (FOLDER / f"{file}.yaml").read_text()
        assert old in text, f"the shipped {file} has no {old!r}"
        (self.folder / f"{file}.yaml").write_text(text.replace(old, new, 1))
        return load_all(self.folder)

    def refused(self, case: Case) -> None:
        with pytest.raises(ContentError) as caught:
            self.load(case.file, case.old, case.new)
        original = (FOLDER / f"{case.file}.yaml").read_text()
        changed = original.replace(case.old, case.new, 1)
        at = changed.index(case.line_of) if case.line_of else original.index(case.old)
        line = changed[:at].count("\n") + 1
        error = caught.value
        assert (error.file, error.line, error.key) == (f"{case.file}.yaml", line, case.key), str(error)
        assert case.says in error.problem
