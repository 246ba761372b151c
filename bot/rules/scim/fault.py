"""Why a request is refused, in the words of RFC 7644, section 3.12."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "", "invalidFilter", "uniqueness", "mutability", "invalidSyntax", "invalidPath", "noTarget", "invalidValue"
]


class Fault(Exception):
    """`kind` is the RFC's scimType. `detail` is for who runs the directory, and never repeats a person's data beyond
    what that side has sent or may read.
    """

    def __init__(self, detail: str, kind: Kind = "", status: int = 400) -> None:
        super().__init__(detail)
        self.detail, self.kind, self.status = detail, kind, status
