"""What of SCIM's user is kept here, and what is known and never stored (RFC 7643, sections 3.1, 4.1 and 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
READ_ONLY, READ_WRITE = "readOnly", "readWrite"


@dataclass(frozen=True, slots=True)
class Attribute:
    """`exact`: capitals count. `inside`: its parts. `most`: the longest text."""

    name: str
    about: str = ""
    kind: Literal["string", "boolean", "complex", "dateTime", "reference"] = "string"
    inside: tuple[Attribute, ...] = ()
    exact: bool = False
    several: bool = False
    required: bool = False
    unique: bool = False
    mutable: str = READ_WRITE
    most: int = 200

    def part(self, name: str) -> Attribute | None:
        return next((one for one in self.inside if one.name.lower() == name.lower()), None)


_EMAIL = (
    Attribute("value", "The address.", most=320),
    Attribute("type", "Always work: one address is kept."),
    Attribute("primary", "Always true.", "boolean"),
)
_NAME = (
    Attribute("formatted", "The whole name.", most=200),
    Attribute("givenName", "The first name.", most=100),
    Attribute("familyName", "The last name.", most=100),
)
_MANAGER = (
    Attribute(
        "value", "The manager's id. A userName, externalId, e-mail address or employeeNumber is understood, too.",
        exact=True, most=320,
    ),
    Attribute("$ref", "Where the manager is found.", "reference", exact=True, mutable=READ_ONLY, most=2000),
    Attribute("displayName", "The manager's name.", mutable=READ_ONLY),
)  # fmt: skip
_META = (
    Attribute("resourceType", "User.", exact=True, mutable=READ_ONLY),
    Attribute("created", "When the person was added.", "dateTime", mutable=READ_ONLY),
    Attribute("location", "Where this user is found.", "reference", exact=True, mutable=READ_ONLY),
    Attribute("version", "Changes with the user.", exact=True, mutable=READ_ONLY),
)
COMMON = (
    Attribute("schemas", exact=True, several=True, mutable=READ_ONLY, kind="reference"),
    Attribute("id", exact=True, mutable=READ_ONLY),
    Attribute("externalId", exact=True),
    Attribute("meta", kind="complex", inside=_META, mutable=READ_ONLY),
)
USER = (
    Attribute("userName", "The name in the directory; the e-mail address where none was given.", required=True,
              unique=True, most=320),
    Attribute("name", "The parts of the name.", "complex", _NAME),
    Attribute("displayName", "The name everybody sees; made from name where it is left out."),
    Attribute("title", "The job title."),
    Attribute("locale", "The language, such as de-DE, until there is a chat account or the person chooses.", most=20),
    Attribute("timezone", "The zone, such as Europe/Lisbon, until there is a chat account or the person chooses.",
              most=64),
    Attribute("active", "False: has left, and is asked nothing more from that moment on.", "boolean"),
    Attribute("emails", "The address of the chat account. Of several the primary one is kept, else that of work.",
              "complex", _EMAIL, several=True, most=320),
)  # fmt: skip
EXTENSION = (
    Attribute("employeeNumber", "The number in HR's list.", unique=True, most=100),
    Attribute("department", "The department's name; a new one is made."),
    Attribute("manager", "Whom this person reports to.", "complex", _MANAGER),
)
# Of the RFCs, and of no use here: taken and not stored, so that a directory need not change what it sends.
UNKEPT = frozenset(
    {
        "nickname", "profileurl", "usertype", "preferredlanguage", "password", "phonenumbers", "ims", "photos",
        "addresses", "groups", "entitlements", "roles", "x509certificates",
    }
)  # fmt: skip
UNKEPT_EXTENSION = frozenset({"costcenter", "organization", "division"})
UNKEPT_PARTS = {
    "name": frozenset({"middlename", "honorificprefix", "honorificsuffix"}),
    "emails": frozenset({"display", "$ref"}),
    "meta": frozenset({"lastmodified"}),
    "manager": frozenset({"type", "display"}),
}


@dataclass(frozen=True, slots=True)
class Where:
    """One place in a user: an attribute or a part of one; `extension`: under the name of that schema."""

    attribute: Attribute
    part: Attribute | None = None
    extension: bool = False

    @property
    def leaf(self) -> Attribute:
        return self.part or self.attribute


class Unkept(Exception):
    """Known, and not stored."""


class Unknown(Exception):
    pass


def schema_of(text: str) -> tuple[str, str]:
    """A path without the schema before it, and which one that is; "" if it names none."""
    for schema in (CORE, ENTERPRISE):
        if text.lower() == schema.lower():
            return schema, ""
        if text.lower().startswith(f"{schema.lower()}:"):
            return schema, text[len(schema) + 1 :]
    return "", text


def kept(path: str) -> Where:
    """`userName`, `name.givenName`, or either behind the name of its schema, in any capitals."""
    schema, rest = schema_of(path)
    first, _, last = rest.partition(".")
    extension = schema == ENTERPRISE
    known = EXTENSION if extension else (*COMMON, *USER)
    attribute = next((one for one in known if one.name.lower() == first.lower()), None)
    if attribute is None:
        raise Unkept if first.lower() in (UNKEPT_EXTENSION if extension else UNKEPT) else Unknown
    if not last and not rest.endswith("."):
        return Where(attribute, None, extension)
    return Where(attribute, inner(attribute, last), extension)


def inner(attribute: Attribute, name: str) -> Attribute:
    found = attribute.part(name)
    if found is None:
        raise Unkept if name.lower() in UNKEPT_PARTS.get(attribute.name, ()) else Unknown
    return found
