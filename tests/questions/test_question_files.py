"""The shipped files keep to the schema, and loading says exactly where a file does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from question_samples import Broken

from bot.questions import ContentError, load_all, question_set
from bot.questions.loading import FOLDER

SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def test_all_shipped_files_load() -> None:
    content = load_all()
    assert sorted(content.files) == SHIPPED
    assert len(content.sets) == 14
    assert len(content.scales) == 11


@pytest.mark.parametrize("key", SHIPPED)
def test_each_shipped_file_is_the_one_it_says(key: str) -> None:
    assert load_all().files[key]["key"] == key


def test_shipped_files_are_read_once() -> None:
    assert load_all() is load_all()


def test_importing_reads_no_file() -> None:
    program = (
        "import sys, yaml; yaml.compose = None; import bot.questions;"
        "from bot.questions.loading import _shipped; assert _shipped.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_loaded_values_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        load_all().files["nudges"]["messages"]["invite"] = ""
    with pytest.raises(AttributeError):
        question_set("checkin").title = ""  # type: ignore[misc]


def test_a_new_form_needs_no_entry_in_the_code(tmp_path: Path) -> None:
    (tmp_path / "pulse.yaml").write_text(
        "key: pulse\ntitle: Pulse\ndescription: One box.\nversion: 1\nby: self\nsecond_line: nothing\n"
        "questions: [{key: fine, kind: boolean, label: Fine, audience: [author]}]\n"
    )
    assert load_all(tmp_path).sets["pulse"].question("fine").kind == "boolean"


def test_a_comment_may_stand_anywhere(broken: Broken) -> None:
    assert broken.load("checkin", "questions:\n", "questions:   # in order\n").sets["checkin"].version == 1


def test_the_error_reads_as_one_line(broken: Broken) -> None:
    with pytest.raises(ContentError) as caught:
        broken.load("checkin", "required: true, max_length: 1500", "required: true, maxlen: 1500")
    assert str(caught.value) == "checkin.yaml, line 20, key 'maxlen': unknown key; did you mean 'max_length'?"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (b"key: [\n", 2, "no YAML"),
        (b"key: checkin\n\ttitle: x\n", 2, "no YAML"),
        (b"", 1, "expected a map"),
        (b"- checkin\n", 1, "expected a map"),
        (b"key: checkin\n---\nkey: two\n", 2, "no YAML"),
        (b"key: checkin\ntitle: \xff\n", 2, "no UTF-8"),
        (b"key: check\x07in\n", 1, "no YAML"),
        (b"key: *nothing\n", 1, "no YAML"),
    ],
)
def test_a_file_that_is_no_map_of_keys_is_refused(tmp_path: Path, text: bytes, line: int, problem: str) -> None:
    (tmp_path / "checkin.yaml").write_bytes(text)
    with pytest.raises(ContentError) as caught:
        load_all(tmp_path)
    assert (caught.value.file, caught.value.line, caught.value.key) == ("checkin.yaml", line, "")
    assert problem in caught.value.problem


def test_a_tag_builds_nothing(tmp_path: Path) -> None:
    (tmp_path / "checkin.yaml").write_text("key: !!python/name:os.system checkin\n")
    with pytest.raises(ContentError, match="expected a name in snake_case"):
        load_all(tmp_path)
