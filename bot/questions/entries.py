"""Plain values of content files that still know their file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol


class Shape(Protocol):
    """What an entry knows of the shape it was read by."""

    @property
    def name(self) -> str: ...

    @property
    def keys(self) -> Mapping[str, Any]: ...


class ContentError(ValueError):
    """A content file does not keep to the schema; `key` is empty where the file is no YAML at all."""

    def __init__(self, file: str, line: int, key: str, problem: str) -> None:
        super().__init__(f"{file}, line {line}, key '{key}': {problem}" if key else f"{file}, line {line}: {problem}")
        self.file, self.line, self.key, self.problem = file, line, key, problem


class Entry(dict[Any, Any]):
    """A mapping of a content file, with the line of each key."""

    def __init__(self, file: str, line: int, shape: Shape | None = None, up: Entry | None = None) -> None:
        super().__init__()
        self.file, self.line, self.shape, self.up = file, line, shape, up
        self.lines: dict[Any, int] = {}

    @property
    def root(self) -> Entry:
        return self.up.root if self.up is not None else self

    def wrong(self, key: object, problem: str) -> ContentError:
        return ContentError(self.file, self.lines.get(key, self.line), str(key), problem)

    def walk(self) -> Iterator[Entry]:
        """Every map in it, what is inside before what is around it."""
        for value in self.values():
            for inner in value if isinstance(value, Items) else (value,):
                if isinstance(inner, Entry):
                    yield from inner.walk()
        yield self


class Items(list[Any]):
    """A list of a content file, with the line of each item."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def meant(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""
