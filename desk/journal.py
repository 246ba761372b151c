"""Conversations outlive a restart of the desk: one JSON line for each change, read again at start.

Views, triggers and messages that only one person sees are not kept, as Slack does not keep them either.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from desk.teams import keeping
from desk.teams.tenant import Tenant
from desk.values import Json, Member, Message
from desk.workspace import Change, Workspace


class Journal:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def attach(self, workspace: Workspace, tenant: Tenant) -> None:
        """Replays what was kept into both, then keeps what changes from now on."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = self._path.read_bytes() if self._path.exists() else b""
        whole = kept[: kept.rfind(b"\n") + 1]
        for line in whole.splitlines():
            kept_line = json.loads(line)
            if kept_line["kind"].startswith(keeping.MARK):
                keeping.replay(tenant, kept_line)
            else:
                _replay(workspace, kept_line)
        if whole != kept:
            # a line cut short by a crash would spoil the next one
            self._path.write_bytes(whole)
        self._file = self._path.open("a", encoding="utf-8")
        workspace.subscribe(lambda change: self._keep(_line(workspace, change)))
        tenant.subscribe(lambda change: self._keep(keeping.line(tenant, change)))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _keep(self, line: Json | None) -> None:
        if self._file is not None and line is not None:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()


def _line(workspace: Workspace, change: Change) -> Json | None:
    message = change.message
    if change.kind == "member":
        return {"kind": "member", "member": asdict(workspace.members[change.user])}
    if change.kind == "home":
        home = workspace.home(change.user)
        return {"kind": "home", "user": change.user, "content": home.content} if home else None
    if message is not None and change.kind == "read":
        return {"kind": "read", "user": change.user, "ts": message.ts}
    if message is None or message.only_for:
        return None
    if change.kind in ("posted", "updated"):
        line: Json = {"kind": "message", "message": asdict(message)}
        contents = {each["id"]: workspace.files.content(each["id"]) for each in message.files}
        return line | ({"files": {id_: b64encode(held).decode() for id_, held in contents.items()}} if contents else {})
    return {"kind": "deleted", "channel": message.channel, "ts": message.ts}


def _replay(workspace: Workspace, line: Json) -> None:
    if line["kind"] == "member":
        member = Member(**line["member"])
        workspace.members[member.id] = member
    elif line["kind"] == "message":
        message = Message(**line["message"])
        for each in message.files:
            workspace.files.restore(each, b64decode(line["files"][each["id"]]))
        workspace.restore(message)
    elif line["kind"] == "deleted":
        workspace.restore_removed(line["channel"], line["ts"])
    elif line["kind"] == "read":
        workspace.restore_read(line["user"], line["ts"])
    elif line["kind"] == "home" and line["user"] in workspace.members:
        workspace.views.publish(line["user"], line["content"])
