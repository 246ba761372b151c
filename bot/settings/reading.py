"""A secret that stands in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field


def _read_secret(given: object) -> object:
    if not isinstance(given, Path):
        return given
    try:
        return given.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "not text"
        raise ValueError(f"is to be read from {given}, which does not work: {words}.") from None


Secret = Annotated[str, BeforeValidator(_read_secret), Field(repr=False)]
