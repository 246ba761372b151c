"""What the `of` of a schema key promises: every name refers to something that is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.questions.entries import ContentError, Entry, Items, Shape, meant

Files = Mapping[str, Entry]


def check_references(root: Entry, files: Files) -> None:
    for entry in root.walk():
        for name, key in _referring(entry.shape):
            if name in entry:
                known = names(key, root, files)
                for word, where in _words(entry, name):
                    if word not in known:
                        raise ContentError(where[0], where[1], where[2], _dangling(word, key, known))


def names(path: str, root: Entry, files: Files) -> set[Any]:
    """The keys that a path such as "scales.scales", ".questions" or "files" stands for."""
    if path == "files":
        return set(files)
    file, _, part = path.partition(".")
    whole = files.get(file) if file else root
    source: Any = whole.get(part, ()) if whole else ()
    return set(source) if isinstance(source, Entry) else {entry["key"] for entry in source}


def by_key(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry["key"]: entry for entry in entries}


def scales(files: Files) -> dict[str, Entry]:
    return by_key(files["scales"]["scales"]) if "scales" in files else {}


def _referring(shape: Shape | None) -> Iterator[tuple[str, str]]:
    return ((name, key.of) for name, key in (shape.keys if shape else {}).items() if key.of)


def _words(entry: Entry, name: str) -> Iterator[tuple[Any, tuple[str, int, str]]]:
    value = entry[name]
    if isinstance(value, Items):
        return ((word, (entry.file, line, name)) for word, line in zip(value, value.lines, strict=True))
    if isinstance(value, Entry):
        return ((word, (entry.file, value.lines[word], str(word))) for word in value)
    return iter([(value, (entry.file, entry.lines[name], name))])


def _dangling(word: str, path: str, known: set[Any]) -> str:
    where = "content files" if path == "files" else path.rpartition(".")[2].replace("_", " ")
    return f"'{word}' is not among the {where}{meant(str(word), sorted(known))}"
