"""The columns of a people file: what its headers mean, which are not used, and which are never stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# By what is left of a header without blanks, points and capitals. The first of several that are there counts.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "employee_id": (
        "employeeid", "employeenumber", "employeeno", "employeeidentifier", "externalid", "externaluserid", "workerid",
        "staffid", "personnelnumber", "personalnummer", "personalnr", "personalid", "mitarbeiternummer",
        "mitarbeiternr", "mitarbeiterid",
    ),
    "name": (
        "name", "fullname", "displayname", "employeename", "workername", "vollständigername", "anzeigename",
        "mitarbeitername", "mitarbeiter",
    ),
    "preferred_name": (
        "preferredname", "preferredfullname", "rufname", "bevorzugtername",
    ),
    "first_name": ("firstname", "givenname", "vorname"),
    "last_name": (
        "lastname", "surname", "familyname", "nachname", "familienname", "zuname",
    ),
    "email": (
        "email", "emailaddress", "workemail", "workemailaddress", "companyemail", "mail", "emailadresse",
        "mailadresse", "dienstlicheemail", "dienstlicheemailadresse", "geschäftlicheemail", "emaildienstlich",
        "emailgeschäftlich", "firmenemail",
    ),
    "manager": (
        "manageremail", "manageremailaddress", "linemanageremail", "supervisoremail", "reportstoemail", "manager",
        "manageremailadresse", "emailmanager", "vorgesetzteremail", "vorgesetzteemail", "vorgesetztenemail",
        "führungskraftemail", "fuehrungskraftemail", "vorgesetzteremailadresse", "vorgesetzteemailadresse",
        "vorgesetztenemailadresse", "führungskraftemailadresse", "fuehrungskraftemailadresse", "emailvorgesetzter",
        "emailvorgesetzte", "emailvorgesetzten", "emailführungskraft", "emailfuehrungskraft", "emaildesvorgesetzten",
        "emaildervorgesetzten", "emailderführungskraft", "emailderfuehrungskraft", "vorgesetzter", "vorgesetzte",
        "vorgesetzteperson", "führungskraft", "fuehrungskraft",
    ),
    "manager_id": (
        "managerid", "manageremployeeid", "manageremployeenumber", "managerexternalid", "supervisorid",
        "supervisoreid", "managerpersonalnummer", "vorgesetzterid", "vorgesetzteid", "vorgesetztenid",
        "führungskraftid", "fuehrungskraftid", "personalnummervorgesetzter", "personalnummervorgesetzte",
        "personalnummervorgesetzten", "personalnummerführungskraft", "personalnummerfuehrungskraft",
        "vorgesetzterpersonalnummer", "vorgesetztepersonalnummer", "vorgesetztenpersonalnummer",
        "führungskraftpersonalnummer", "fuehrungskraftpersonalnummer", "personalnummerdesvorgesetzten",
        "personalnummerdervorgesetzten", "personalnummerderführungskraft", "personalnummerderfuehrungskraft",
    ),
    "dotted": (
        "dottedmanageremail", "dottedlinemanageremail", "dottedlineemail", "dottedlinemanager", "dottedmanager",
        "dottedline", "matrixmanageremail", "secondarymanageremail", "fachlichervorgesetzter", "fachlichevorgesetzte",
        "fachlicheführungskraft", "fachlichefuehrungskraft", "fachlichervorgesetzteremail",
        "fachlichevorgesetzteemail", "fachlicheführungskraftemail", "fachlichefuehrungskraftemail",
    ),
    "department": (
        "department", "dept", "departmentname", "abteilung", "abteilungsname", "fachbereich", "bereich",
        "organisationseinheit",
    ),
    "zone": ("timezone", "zone", "tz", "zeitzone"),
    "locale": (
        "language", "locale", "preferredlanguage", "sprache", "bevorzugtesprache", "sprachcode",
    ),
    "country": (
        "country", "countrycode", "land", "ländercode", "laendercode", "landeskennzeichen", "arbeitsland",
    ),
    "region": (
        "holidayregion", "holidaycalendar", "subdivision", "bundesland", "feiertagsregion", "feiertagskalender",
        "kanton",
    ),
    "days": (
        "workingdays", "workdays", "workweek", "arbeitstage", "wochenarbeitstage",
    ),
    "starts": (
        "startdate", "hiredate", "hiredon", "employeehiredate", "eintrittsdatum", "eintritt", "eintrittam",
        "startdatum", "einstellungsdatum", "ersterarbeitstag", "beginn",
    ),
    "ends": (
        "enddate", "terminationdate", "lastday", "lastworkingday", "austrittsdatum", "austritt", "austrittam",
        "enddatum", "letzterarbeitstag", "ende",
    ),
}  # fmt: skip
# What a column is called that the file does not have.
TITLES = {
    "email": "Email",
    "zone": "Timezone",
    "manager": "Manager Email",
    "dotted": "Dotted Manager Email",
    "region": "Holiday Region",
}
# Nothing of this is needed to ask people how their week was, and much of it may not be used. Whole names, and parts.
PRIVATE = frozenset({"age", "sex", "dob", "race", "ssn", "pronouns", "alter", "pronomen"})
PRIVATE_PARTS = (
    "gender", "birth", "ethnic", "nationality", "citizenship", "religi", "denomination", "marital", "familystatus",
    "disab", "veteran", "sexual", "pregnan", "salary", "compensation", "nationalid", "socialsecurity", "passport",
    "taxid", "health", "unionmember", "politic", "homeaddress", "privateaddress", "geschlecht", "geburt", "konfession",
    "familienstand", "gehalt", "lohn", "vergütung", "verguetung", "nationalität", "nationalitaet", "staatsangehör",
    "staatsangehoer", "behinder", "sozialversicherung", "steuerid", "steuernummer", "steuerklasse", "privatadresse",
    "anschrift", "gewerkschaft", "schwanger", "gesundheit", "ausweis",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place, with the value and what mends it. Without a column it is the whole line."""

    line: int
    column: str
    why: str

    def told(self, file: str) -> str:
        return f"{file}, line {self.line}{', ' if self.column else ''}{self.column}: {self.why}"


@dataclass(frozen=True)
class Columns:
    """`at` and `titles` are by our own key: where the column is, and what the file calls it."""

    at: Mapping[str, int]
    titles: Mapping[str, str]
    width: int
    unused: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def title(self, key: str) -> str:
        return self.titles.get(key) or TITLES.get(key, key)


def plain(header: str) -> str:
    return "".join(letter for letter in header.casefold() if letter.isalnum())


def is_private(header: str) -> bool:
    name = plain(header)
    return name in PRIVATE or any(part in name for part in PRIVATE_PARTS)


def recognised(headers: Sequence[str]) -> int:
    """How many of these mean something: which separator a file has shows in its first line."""
    names = {plain(header) for header in headers}
    return sum(not names.isdisjoint(known) for known in HEADERS.values())


def columns_of(headers: Sequence[str], line: int) -> tuple[Columns, list[Fault]]:
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        places.setdefault(plain(header), place)
    at = {key: next((places[name] for name in names if name in places), -1) for key, names in HEADERS.items()}
    at = {key: place for key, place in at.items() if place >= 0}
    if "name" in at:
        at = {key: place for key, place in at.items() if key not in ("first_name", "last_name")}
    rest = [header for place, header in enumerate(headers) if header and place not in at.values()]
    never = tuple(header for header in rest if is_private(header))
    unused = tuple(header for header in rest if header not in never)
    found = Columns(at, {key: headers[place] for key, place in at.items()}, len(headers), unused, never)
    return found, _missing(found, line) + _twice(headers, found, line)


def _missing(columns: Columns, line: int) -> list[Fault]:
    faults = []
    if "name" not in columns.at and not {"first_name", "last_name"} <= columns.at.keys():
        faults.append(Fault(line, "Name", "this column is missing. Call the column with the names of people 'Name'."))
    if columns.at.keys().isdisjoint(("email", "employee_id")):
        faults.append(Fault(line, "Email", "this column is missing. People are told apart by Email or Employee Id."))
    return faults


def _twice(headers: Sequence[str], columns: Columns, line: int) -> list[Fault]:
    """Of one column under one name nobody knows which is meant."""
    counted = Counter(plain(header) for header in headers)
    return [
        Fault(line, title, f"there are {counted[plain(title)]} columns of this name. Delete or rename all but one.")
        for title in columns.titles.values()
        if counted[plain(title)] > 1
    ]
