"""Who may import whom: design, section 3, with the additions that DECISIONS.md records."""

from __future__ import annotations

import re
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter

import pytest
from house_tree import ROOT, Module, modules

NOUNS = ("bot.forms", "bot.messages", "bot.cadence")
EVERYWHERE = ("bot.texts", "bot.clock", "bot.log")
CORE = tuple(
    f"bot.storage.{name}"
    for name in """base database workspaces people programmes asks tasks drafts outbox posted receipts sealed
    keys accounts audit audit_anchors audit_seals contacts delegations digests directory holds inbox joining
    leaving lines members notices offers pace packages pauses policy reaching rooms running sharing showing
    starting""".split()  # noqa: SIM905
)
# A room is the longest of these names that a module's name begins with.
MAY: dict[str, tuple[str, ...]] = {
    "bot": (),
    "bot.__main__": ("bot",),
    "bot.app": ("bot",),
    "bot.commands": (
        *NOUNS, *EVERYWHERE, "bot.access", "bot.conversation", "bot.engine", "bot.handlers", "bot.platforms",
        "bot.questions", "bot.rules", "bot.settings", "bot.sheets", "bot.storage",
    ),
    "bot.settings": ("bot.clock", "bot.texts", "bot.storage.database", "bot.storage.keys"),
    "bot.web": (*EVERYWHERE, "bot.delivery", "bot.storage"),
    "bot.scim": (*EVERYWHERE, "bot.rules", "bot.storage"),
    "bot.platforms": (*NOUNS, *EVERYWHERE, "bot.engine", "bot.conversation"),
    "bot.scheduler": (*EVERYWHERE, *CORE, "bot.engine", "bot.platforms"),
    "bot.delivery": (*EVERYWHERE, *CORE, "bot.engine", "bot.messages", "bot.platforms"),
    "bot.engine": (*NOUNS, *EVERYWHERE, *CORE, "bot.conversation", "bot.questions", "bot.access", "bot.rules.policy"),
    "bot.handlers": (
        *NOUNS, *EVERYWHERE, "bot.conversation", "bot.questions", "bot.access", "bot.rules", "bot.storage",
        "bot.pictures", "bot.sheets",
    ),
    "bot.conversation": (*NOUNS, *EVERYWHERE, *CORE, "bot.rules"),
    "bot.questions": (*EVERYWHERE, *CORE, "bot.forms"),
    "bot.access": (*EVERYWHERE, *CORE),
    "bot.storage": (*EVERYWHERE, "bot.cadence", "bot.rules.okr", "bot.rules.policy"),
    "bot.pictures": (),
    "bot.sheets": (),
    "bot.texts": (),
    "bot.clock": (),
    "bot.log": (),
    "bot.rules": (),
    "bot.forms": (),
    "bot.messages": (),
    "bot.cadence": (),
    "desk": ("bot.app", "bot.settings"),
}  # fmt: skip
# What a permission does not open: one room's inside, or the way around the composition root.
NEVER: dict[str, tuple[str, ...]] = {
    "bot.delivery": ("bot.platforms.slack", "bot.platforms.teams"),
    "bot.scheduler": ("bot.platforms.slack", "bot.platforms.teams"),
    "bot.app": ("bot.__main__", "bot.commands"),
}
PURE = ("bot.rules", *NOUNS)
PACKAGES = {
    "apscheduler": "bot.scheduler",
    "botframework": "bot.platforms.teams",
    "jwt": "bot.platforms.teams",
    "matplotlib": "bot.pictures",
    "openpyxl": "bot.sheets",
    "slack_bolt": "bot.platforms.slack",
    "slack_sdk": "bot.platforms.slack",
}
IMPORTED_AS = {
    "alembic": "alembic", "babel": "babel", "botframework-connector": "botframework", "pyjwt": "jwt", "pyyaml": "yaml",
    "prometheus-client": "prometheus_client",
}  # fmt: skip


def under(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def room_of(name: str) -> str:
    return max((room for room in MAY if under(name, room)), key=len, default="")


def own(name: str) -> bool:
    return under(name, "bot") or under(name, "desk")


def allowed(module: Module, name: str) -> bool:
    room = room_of(module.name)
    if room == room_of(name):
        return True
    if any(under(name, closed) for closed in NEVER.get(room, ())):
        return False
    # An empty package says nothing: `import bot.storage` is how its modules are walked.
    return any(under(name, open_room) for open_room in MAY[room]) or name == "bot"


def faults(package: str) -> list[str]:
    return [
        f"{module.where} imports {name}, which {room_of(module.name)} may not"
        for module in modules(package)
        for name in sorted(module.imports)
        if own(name) and not allowed(module, name)
    ]


@pytest.mark.parametrize("package", ["bot", "desk"])
def test_nobody_imports_what_the_design_does_not_allow(package: str) -> None:
    assert faults(package) == []


def test_every_module_belongs_to_a_room_that_the_table_names() -> None:
    assert [module.name for module in modules("bot") if room_of(module.name) == "bot" and module.name != "bot"] == []


def test_the_table_would_see_a_forbidden_import_inside_a_function() -> None:
    found = {name for module in modules("bot") if module.name == "bot.texts" for name in module.imports}
    assert "babel" in found, "an import inside a function was not read"
    checkin = next(module for module in modules("bot") if module.name.startswith("bot.handlers."))
    assert not allowed(checkin, "bot.engine.acts")
    assert not allowed(checkin, "bot.platforms.slack.edge")
    assert not allowed(next(m for m in modules("bot") if m.name == "bot.rules.asks"), "bot.clock")


def test_nobody_imports_the_composition_root_but_the_command_line_and_the_desk() -> None:
    importers = {m.name for m in (*modules("bot"), *modules("desk")) if "bot.app" in m.imports}
    assert {name for name in importers if not under(name, "desk")} <= {"bot.__main__"}


def test_a_handler_imports_no_other_handler() -> None:
    def family(name: str) -> str:
        return ".".join(name.split(".")[:3])

    wrong = [
        f"{module.where} imports {name}"
        for module in modules("bot")
        if under(module.name, "bot.handlers")
        for name in module.imports
        if under(name, "bot.handlers") and family(name) != family(module.name)
    ]
    assert wrong == []


def test_no_imports_go_in_a_circle() -> None:
    graph = {m.name: {name for name in m.runtime_imports if own(name)} for m in (*modules("bot"), *modules("desk"))}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_the_desk_has_no_circle_even_of_types() -> None:
    graph = {m.name: {name for name in m.imports if under(name, "desk")} for m in modules("desk")}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_rules_and_nouns_need_only_the_standard_library() -> None:
    wrong = [
        f"{module.where} imports {name}"
        for module in modules("bot")
        if any(under(module.name, room) for room in PURE)
        for name in module.imports
        if not own(name) and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert wrong == []


@pytest.mark.parametrize(("library", "room"), PACKAGES.items())
def test_a_library_stays_behind_its_fence(library: str, room: str) -> None:
    users = {m.name for m in (*modules("bot"), *modules("desk")) if any(under(n, library) for n in m.imports)}
    assert users, f"{library} is used nowhere: the fence stands around nothing"
    # The desk plays the platforms: it signs what the bot checks.
    played = room.replace("bot.platforms", "desk")
    assert {name for name in users if not under(name, room) and not under(name, played)} == set()


def test_every_library_is_declared() -> None:
    """What came only because another library needs it may go with that library."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in project["dependencies"]}
    names = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in declared} | {"pydantic"}
    used = {name.split(".")[0] for m in (*modules("bot"), *modules("desk")) for name in m.imports if not own(name)}
    assert sorted(used - set(sys.stdlib_module_names) - names) == []
