"""What the command line does; it may know everything, and nothing else imports it."""

from bot.commands.absences import import_absences
from bot.commands.absences_line import add_absences
from bot.commands.arguments import (
    DryRun,
    EndDay,
    Ends,
    EvenTheLast,
    FirstDay,
    Full,
    Introduced,
    LastDay,
    MayLeave,
    OneDepartment,
    Only,
    ZoneOfNew,
    a_day,
    an_id,
)
from bot.commands.auditing import verify_audit
from bot.commands.checking import check_keys
from bot.commands.delegations import delegate
from bot.commands.groups import add_groups
from bot.commands.key_commands import add_backups, add_keys
from bot.commands.manifest import slack_manifest
from bot.commands.planning import apply_programmes, show_programmes
from bot.commands.problem import Problem, cannot_listen
from bot.commands.programmes import start_programme
from bot.commands.queue import outbox, retry
from bot.commands.readiness import check, report
from bot.commands.retaining import add_retention
from bot.commands.roles import give_role, list_roles, role
from bot.commands.rooms import drop_room, set_room
from bot.commands.roster import Options, import_people
from bot.commands.teams_manifest import teams_manifest
from bot.commands.workspaces import add_workspace

__all__ = [
    "DryRun",
    "EndDay",
    "Ends",
    "EvenTheLast",
    "FirstDay",
    "Full",
    "Introduced",
    "LastDay",
    "MayLeave",
    "OneDepartment",
    "Only",
    "Options",
    "Problem",
    "ZoneOfNew",
    "a_day",
    "add_absences",
    "add_backups",
    "add_groups",
    "add_keys",
    "add_retention",
    "add_workspace",
    "an_id",
    "apply_programmes",
    "cannot_listen",
    "check",
    "check_keys",
    "delegate",
    "drop_room",
    "give_role",
    "import_absences",
    "import_people",
    "list_roles",
    "outbox",
    "report",
    "retry",
    "role",
    "set_room",
    "show_programmes",
    "slack_manifest",
    "start_programme",
    "teams_manifest",
    "verify_audit",
]
