"""Every act that leaves a row in the audit trail: one table, so that none is forgotten and none is added unseen."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from house_tree import Module, modules

# Action: by whom, about what kind of thing, and when. "the bot" is the tick or the command line, which has no person.
AUDITED = {
    "absence.ended": ("the person", "person", "they are back before the day they named"),
    "absence.set": ("the person or the bot", "person", "they say that they are away, or a list says so"),
    "absences.imported": ("the bot", "absence_list", "a list of absences is imported"),
    "account.ignored": ("HR", "loose_account", "an account is said to be no colleague's"),
    "account.linked": ("HR or the bot", "person", "an account is linked by hand, or becomes another person's"),
    "account.recalled": ("HR", "loose_account", "it is on the list again"),
    "account.unlinked": ("HR or the bot", "person", "an account is its person's no longer"),
    "agenda.added": ("reader or delegate", "checkin", "a check-in is put aside for the next 1:1"),
    "agenda.removed": ("reader or delegate", "checkin", "it is taken off again"),
    "answer.read": ("reader, delegate or a manager with whom it is shared", "ask", "a check-in is opened"),
    "ask.left_out": ("the person asked", "ask", "they leave one out; the reason is not in the row"),
    "ask.nudge_taken_back": ("manager or delegate", "ask", "a reminder is taken back before it goes out"),
    "ask.nudged": ("manager or delegate", "ask", "they have somebody reminded"),
    "ask.reopened": ("the person asked", "ask", "they take back that they leave it out"),
    "audit.trimmed": ("the bot", "audit", "the oldest rows of the trail go; up to which link, and its seal"),
    "backup.made": ("the bot", "backup", "the database and its keys are written to files"),
    "backup.restored": ("the bot", "backup", "they are brought back"),
    "blocker.hand_over": ("the bot", "blocker", "what is in the way comes to the new manager"),
    "blocker.pass_up": ("manager or delegate", "blocker", "it is passed to the manager's manager"),
    "blocker.read": ("manager, upper or delegate", "blocker", "it is looked at without the check-in"),
    "blocker.report": ("author", "blocker", "something is in the way, or still is"),
    "blocker.solve": ("anybody who has it", "blocker", "it is solved"),
    "blocker.take": ("manager, upper or delegate", "blocker", "somebody takes it"),
    "blocker.take_back": ("manager or delegate", "blocker", "the manager takes it back"),
    "blocker.withdraw": ("author", "blocker", "it is in the way no longer"),
    "checkin.edited": ("author", "checkin", "a further version is stored"),
    "checkin.submitted": ("author", "checkin", "the first version is stored"),
    "comment.comment": ("reader or delegate", "comment", "a comment is written"),
    "comment.follow_up": ("reader or delegate", "comment", "a question is asked"),
    "comment.reply": ("author", "comment", "the author replies"),
    "comment.taken_back": ("its writer", "comment", "it is taken back, its text is gone"),
    "comment.thanks": ("either side", "comment", "somebody thanks"),
    "contact.ok": ("the person", "person", "OK is pressed on the first message"),
    "contact.sent": ("the bot", "person", "the first message goes out"),
    "delegation.ended": ("the manager or the bot", "delegation", "it ends before its day"),
    "delegation.given": ("the manager or the bot", "delegation", "somebody is named, or the days change"),
    "export.made": ("the person", "person", "the files of all that is stored about them are made"),
    "history.ended": ("the person or the bot", "person", "sharing ends, by them or with a change of manager"),
    "history.shared": ("the person", "person", "earlier check-ins are opened to the manager of today"),
    "hold.ended": ("the bot", "person", "a legal hold ends"),
    "hold.placed": ("the bot", "person", "a legal hold: nothing of them is deleted; the reason is not in the row"),
    "inbox.answered": ("HR", "inbox_item", "a question is answered"),
    "inbox.asked": ("the person", "inbox_item", "HR is asked"),
    "inbox.closed": ("HR", "inbox_item", "an item of somebody who left is closed"),
    "inbox.given_back": ("HR", "inbox_item", "who took it gives it back"),
    "inbox.not_my_manager": ("the person", "inbox_item", "they say that this is not their manager"),
    "inbox.read": ("HR", "inbox_item", "an item is opened"),
    "inbox.settled": ("HR", "inbox_item", "HR says who the manager is"),
    "inbox.taken": ("HR", "inbox_item", "somebody takes it"),
    "inbox.withdrawn": ("the person", "inbox_item", "it is taken back"),
    "keys.restored": ("the bot", "keys", "keys are brought back from the file of a backup"),
    "keys.rotated": ("the bot", "keys", "texts are sealed anew under new keys, or keys wrapped anew"),
    "kpi.added": ("HR or the bot", "kpi", "a key figure is added"),
    "kpi.band_changed": ("its owner or HR", "kpi", "another band holds from a day on"),
    "kpi.band_taken_back": ("its owner or HR", "kpi", "a band that was to hold from a day on does not"),
    "kpi.changed": ("HR or the bot", "kpi", "its title, unit, source or rhythm; which of them, not the words"),
    "kpi.deleted": ("HR", "kpi", "one that has no value yet is taken back"),
    "kpi.ended": ("HR", "kpi", "nobody watches it any more"),
    "kpi.given": ("HR", "kpi", "somebody else looks after it"),
    "kpi.imported": ("the bot", "kpi", "values of key figures are read from a file; counts, and its digest"),
    "kpi.resumed": ("HR", "kpi", "it is watched again"),
    "kpi.value_entered": ("its owner or HR", "kpi", "a value of a day is entered or corrected; without the value"),
    "line.changed": ("HR or the bot", "person", "the primary manager changes"),
    "okr.activated": ("owner, manager or HR", "objective", "a draft that waits for nobody begins"),
    "okr.agreed": ("manager, delegate or HR", "objective", "a draft is agreed to, and active"),
    "okr.aligned": ("owner, manager or HR", "objective", "it supports another one, or none any more"),
    "okr.cancelled": ("owner, manager or HR", "objective", "it is called off"),
    "okr.changed": ("owner, manager or HR", "objective", "its title, kind or key results change"),
    "okr.closed": ("owner, manager or HR", "objective", "it is graded; grade, reason and lesson are not in the row"),
    "okr.confirmed": ("owner, manager or HR", "objective", "they say that it still fits what it supports"),
    "okr.created": ("owner, or who sets it for them", "objective", "it is made, or carried over"),
    "okr.exported": ("the person or the bot", "objective_list", "objectives are written into a file"),
    "okr.given": ("manager, second line or HR", "objective", "somebody else looks after it from now on"),
    "okr.imported": ("who imports", "objective_list", "objectives are imported from a file"),
    "okr.paused": ("owner, manager or HR", "objective", "it rests"),
    "okr.period_added": ("the bot", "okr_period", "a period is added at the command line"),
    "okr.pillar_added": ("the bot", "pillar", "a pillar is added"),
    "okr.pillar_removed": ("the bot", "pillar", "a pillar under which nothing stands is removed"),
    "okr.pillar_renamed": ("the bot", "pillar", "a pillar gets another title"),
    "okr.reopened": ("owner, manager or HR", "objective", "what was closed or called off is open again"),
    "okr.resumed": ("owner, manager or HR", "objective", "it goes on"),
    "okr.rules_changed": ("the bot, or whose decision it is", "okr_rules", "how objectives are worked with"),
    "okr.sent_back": ("manager, delegate or HR", "objective", "a draft goes back; the reason is not in the row"),
    "okr.status": ("owner", "objective", "they say another status than the numbers do, or take it back"),
    "okr.talk": ("owner", "objective", "they would like to talk about what was set for them"),
    "okr.talk_wanted": ("owner", "objective", "they want to talk about one that stands still in the next 1:1"),
    "okr.updated": ("owner, manager, delegate or HR", "objective", "an update of its key results is stored"),
    "okr.weighed": ("owner, manager or HR", "objective", "weights, roll-up, links or owners of key results change"),
    "pause.changed": ("HR", "pause", "a pause gets another end"),
    "pause.ended": ("HR", "pause", "it ends early"),
    "pause.started": ("HR", "pause", "nothing is asked until a day"),
    "person.erased": ("the bot", "person", "a person is erased; how many rows of each class went"),
    "person.left": ("the directory or the bot", "person", "somebody leaves, after a last day"),
    "policy.basis": ("the bot, or whose decision it is", "policy", "the legal basis of a feature is recorded"),
    "policy.exported": ("HR, works council, auditor or the bot", "policy", "the package is made"),
    "policy.notice": ("the bot, or whose decision it is", "policy", "a version of the privacy notice is published"),
    "policy.preset": ("the bot, or whose decision it is", "policy", "a preset is chosen, another one left"),
    "policy.switched": ("the bot, or whose decision it is", "policy", "a feature is switched on or off"),
    "programme.changed": ("HR", "programme", "questions or times of a running one change"),
    "programme.deleted": ("HR", "programme", "a draft is deleted"),
    "programme.drafted": ("HR or the bot", "programme", "a draft is made"),
    "programme.managers_first": ("HR", "programme", "the managers get their first message"),
    "programme.put_back": ("HR", "programme", "somebody is on the list again"),
    "programme.redrafted": ("HR or the bot", "programme", "a draft is changed"),
    "programme.started": ("HR or the bot", "programme", "it starts"),
    "programme.started_without": ("HR", "programme", "a team starts without its manager's OK"),
    "programme.stopped": ("HR", "programme", "it stops"),
    "programme.taken_out": ("HR", "programme", "somebody is taken out of the list"),
    "retention.changed": ("the bot", "retention", "a preset is taken, or a class is kept for another time"),
    "retention.run": ("the bot", "retention", "a day's run ends; how many rows of each class went"),
    "role.ended": ("HR or the bot", "person", "a role ends before its day"),
    "role.given": ("HR or the bot", "person", "a role is given, or its days change"),
    "room.dropped": ("the bot", "room", "HR's digest is written to each of them again"),
    "room.set": ("the bot", "room", "HR's digest goes to a channel"),
    "roster.imported": ("HR or the bot", "roster_import", "a file of people is through"),
    "roster.resumed": ("HR or the bot", "roster_import", "an import that was interrupted goes on"),
    "roster.started": ("HR or the bot", "roster_import", "a file of people is begun; counts, no names"),
    "scim.allowed": ("the bot", "scim_brake", "the directory may let so many more go"),
    "scim.held": ("the bot", "scim_brake", "the directory wanted to let too many go"),
    "scim.token.made": ("the bot", "scim_token", "a directory's token is made"),
    "scim.token.revoked": ("the bot", "scim_token", "a directory's token is ended"),
    "scim.user.changed": ("the directory", "person", "it changes what is known of them"),
    "scim.user.created": ("the directory", "person", "it brings somebody"),
    "scim.user.deactivated": ("the directory", "person", "it says that they have left"),
    "scim.user.deleted": ("the directory", "person", "it knows them no more"),
    "scim.user.returned": ("the directory", "person", "it says that they are back"),
    "workspace.added": ("the bot", "workspace", "a workspace is added"),
    "workspace.removed": ("the bot", "workspace", "the app is taken out of it, its token is erased"),
    "workspace.restored": ("the bot", "workspace", "it is added again"),
}
# Where an action is put together at run time: what it can become. The moves of a blocker, the kinds of a comment.
MADE_OF = {
    "f'blocker.{move}'": {"report", "take", "solve", "pass_up", "withdraw", "take_back"},
    "f'comment.{kind}'": {"thanks", "comment", "follow_up", "reply"},
}


def calls(module: Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(module.text)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in names:
                yield node


def texts_in(node: ast.AST) -> set[str]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def assigned(module: Module, name: str) -> set[str]:
    """What a variable of this module may hold. An argument holds what its callers give, who are looked at, too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.text)):
        if isinstance(node, ast.Assign) and any(name in _names(target) for target in node.targets):
            found |= {one for one in texts_in(node.value) if "." in one and " " not in one}
    return found


def _names(target: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}


def named(module: Module, name: str) -> set[str]:
    """The text that a module gives this name to."""
    given = (node for node in ast.parse(module.text).body if isinstance(node, ast.Assign))
    texts = (node.value for node in given if any(getattr(target, "id", "") == name for target in node.targets))
    return {str(text.value) for text in texts if isinstance(text, ast.Constant)}


def recorded() -> set[str]:
    """Actions as they stand in the code: as a literal, by a name of the module, or put together."""
    found: set[str] = set()
    for module in modules("bot"):
        for call in calls(module, "record"):
            action = call.args[2]
            if isinstance(action, ast.Constant):
                found.add(str(action.value))
            elif isinstance(action, ast.JoinedStr):
                made = ast.unparse(action)
                found |= {f"{made[2:].split('.')[0]}.{one}" for one in MADE_OF[made]}
            elif isinstance(action, ast.Attribute):
                found |= {one for other in modules("bot") for one in named(other, action.attr)}
            elif isinstance(action, ast.Name):
                found |= assigned(module, action.id)
            else:
                found |= texts_in(action)
        for call in calls(module, "_audit", "_audited", "audited", "_set", "changed", "moved", "trace"):
            given = (one.value for one in call.args if isinstance(one, ast.Constant))
            found |= {one for one in given if isinstance(one, str) and one.count(".") == 1}
    return found


def test_every_act_that_is_recorded_stands_in_the_table_and_no_other() -> None:
    found = recorded()
    assert {"role.given", "answer.read", "inbox.taken"} <= found, "the look saw nothing"
    assert sorted(found - AUDITED.keys()) == [], "say in the table by whom, about what and when"
    assert sorted(AUDITED.keys() - found) == [], "nothing records it any more"


def test_every_row_says_by_whom_about_what_and_when() -> None:
    assert [action for action, told in AUDITED.items() if not all(told) or len(told) != 3] == []
    assert list(AUDITED) == sorted(AUDITED)
