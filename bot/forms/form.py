"""A form: pages of fields, which of them show, and its answers read by the fields themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from bot.forms.fields import Field, Note
from bot.forms.values import Invalid, Problem, Raw, Refused

T = TypeVar("T")


class Rejected(ValueError):
    """Raised by a conversation before it changes anything: its own words for fields that passed the general checks, or
    for the form as a whole, which is then made anew and shown under them.
    """

    def __init__(self, why: Mapping[Field[Any], str] | str) -> None:
        named = {"": why} if isinstance(why, str) else {field.key: text for field, text in why.items()}
        super().__init__(", ".join(named))
        self.why = named


class Answers:
    """Cleaned answers, read by the field itself; a field that was hidden or left empty gives None."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def __getitem__(self, field: Field[T]) -> T:
        return cast(T, self._values.get(field.key))

    def by_key(self) -> dict[str, object]:
        return dict(self._values)


@dataclass(frozen=True)
class Form:
    """`ids` go out with the form and come back with its answers; `version` is that of the answer it was opened on."""

    title: str
    pages: tuple[tuple[Field[Any], ...], ...]
    submit: str = ""
    ids: tuple[str, ...] = ()
    version: str = ""

    @classmethod
    def of(
        cls, title: str, *fields: Field[Any], submit: str = "", ids: tuple[str, ...] = (), version: str = ""
    ) -> Form:
        return cls(title, (fields,), submit, ids, version)

    @property
    def fields(self) -> Iterator[Field[Any]]:
        return (field for page in self.pages for field in page)

    def starts(self) -> dict[str, object]:
        """What stands in the form untouched, as raw answers."""
        return {f.key: f.raw(f.start) for f in self.fields if not isinstance(f, Note) and f.start is not None}

    def watched(self) -> frozenset[str]:
        """Keys whose change shows, hides or fills another field."""
        fields = tuple(self.fields)
        return frozenset({f.show_if.key for f in fields if f.show_if} | {f.key for f in fields if f.redraws})

    def visible(self, raw: Raw) -> Form:
        """The form without the fields that these answers hide, a hidden one hiding what hangs on it."""
        shown: dict[str, object] = {}
        pages = []
        for page in self.pages:
            kept = []
            for field in page:
                if field.show_if is None or field.show_if.holds(shown):
                    kept.append(field)
                    shown[field.key] = raw.get(field.key)
            pages.append(tuple(kept))
        return replace(self, pages=tuple(pages))

    def filled(self, raw: Raw) -> Form:
        """Starting at these raw answers: a computed start already takes them in, and what does not fit stays out."""
        return replace(self, pages=tuple(tuple(_refilled(f, raw) for f in page) for page in self.pages))

    def clean(self, raw: Raw) -> Answers:
        """Typed answers of the fields that these raw answers show; raises Invalid with every problem at once."""
        values: dict[str, object] = {}
        problems: dict[str, Problem] = {}
        for field in self.visible(raw).fields:
            try:
                values[field.key] = field.clean(raw.get(field.key))
            except Refused as refused:
                problems[field.key] = refused.problem
        if problems:
            raise Invalid(problems)
        return Answers(values)


def _refilled(field: Field[Any], raw: Raw) -> Field[Any]:
    if field.key not in raw or field.computed or isinstance(field, Note):
        return field
    try:
        return field.starting_at(replace(field, required=False).clean(raw[field.key]))
    except Refused:
        return field
