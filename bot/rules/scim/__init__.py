"""SCIM 2.0 (RFC 7643 and 7644) as values: attributes, filters, paths, patches; nothing is read or stored here."""

from bot.rules.scim.attributes import CORE, ENTERPRISE, Attribute
from bot.rules.scim.fault import Fault
from bot.rules.scim.filters import parse
from bot.rules.scim.matching import matches, narrowed
from bot.rules.scim.patching import patched
from bot.rules.scim.projecting import Shown
from bot.rules.scim.reading import in_place_of, read_user
from bot.rules.scim.users import User, drawn, understood

__all__ = [
    "CORE", "ENTERPRISE", "Attribute", "Fault", "Shown", "User", "drawn", "in_place_of", "matches", "narrowed", "parse",
    "patched", "read_user", "understood",
]  # fmt: skip
