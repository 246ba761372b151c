from __future__ import annotations


class Problem(Exception):
    """Told to the operator as it stands; nothing was changed."""
