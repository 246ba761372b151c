"""Every table, for whoever opens a database and for the migrations: each subject's module is imported once."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import bot.storage
from bot.storage.base import Base


@cache
def metadata() -> object:
    """Modules are found by walking the folder, so a new subject is picked up by itself."""
    for found in pkgutil.walk_packages(bot.storage.__path__, "bot.storage."):
        if ".migrations" not in found.name and not found.ispkg:
            importlib.import_module(found.name)
    return Base.metadata
