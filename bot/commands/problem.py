"""What stops a command, in words."""

from __future__ import annotations

import errno


class Problem(Exception):
    """Told to the operator as it stands; what was changed before, it says."""


def cannot_listen(error: OSError, host: str, port: int) -> Exception:
    """Words for a place that is taken; any other error as it is."""
    if error.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES):
        return error
    where = f"{host}, port {port}"
    return Problem(f"Cannot listen on {where}: {error.strerror}. Set RAPPORT_HOST or RAPPORT_PORT.")
