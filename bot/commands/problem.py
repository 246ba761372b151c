from __future__ import annotations

from bot.settings import Settings


class Problem(Exception):
    """Told to the operator as it stands; nothing was changed."""


def cannot_listen(settings: Settings, error: OSError) -> Problem:
    where = f"{settings.host}, port {settings.port}"
    return Problem(f"Cannot listen on {where}: {error.strerror}. Set RAPPORT_HOST or RAPPORT_PORT.")
