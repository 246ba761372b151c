"""The tenant's lines in the journal: chats, files and who has the bot. Dialogs are not kept, as Teams keeps none."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict

from desk.teams.tenant import Change, Tenant
from desk.teams.values import Activity
from desk.values import Json

MARK = "teams."


def line(tenant: Tenant, change: Change) -> Json | None:
    activity = change.activity
    if change.kind == "person":
        one = tenant.person(change.user)
        told = tenant.told_at(one.id)
        return {
            "kind": f"{MARK}person",
            "user": one.id,
            "installed": one.installed,
            "blocked": one.blocked,
            "told": told,
        }
    if change.kind == "file":
        file = tenant.files.whole(change.file)
        if file is None:
            return None
        return {
            "kind": f"{MARK}file",
            "id": file.id,
            "name": file.name,
            "content": b64encode(file.content or b"").decode(),
        }
    if activity is None:
        return None
    if change.kind in ("posted", "updated"):
        return {"kind": f"{MARK}activity", "activity": asdict(activity)}
    kind = "read" if change.kind == "read" else "deleted"
    return {"kind": f"{MARK}{kind}", "user": activity.user, "activity": activity.id}


def replay(tenant: Tenant, kept: Json) -> None:
    kind = str(kept["kind"]).removeprefix(MARK)
    if kind == "activity":
        tenant.restore(Activity(**kept["activity"]))
    elif kind == "deleted":
        tenant.restore_removed(kept["user"], kept["activity"])
    elif kind == "read":
        tenant.restore_read(kept["user"], kept["activity"])
    elif kind == "file":
        tenant.files.restore(kept["id"], kept["name"], b64decode(kept["content"]))
    elif kind == "person":
        tenant.restore_person(kept["user"], installed=kept["installed"], blocked=kept["blocked"], told=kept["told"])
