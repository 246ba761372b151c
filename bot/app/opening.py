"""The database with its keys, as the settings name both."""

from __future__ import annotations

from bot.settings import Settings
from bot.storage.database import Database, Synchronous
from bot.storage.key_stores import open_store
from bot.storage.keys import KeyRing, Vault


def open_database(settings: Settings, synchronous: Synchronous = "FULL") -> Database:
    vault = Vault(KeyRing.parse(settings.key_ring), open_store(settings.keys))
    return Database(settings.database_url, keys=vault, synchronous=synchronous)
