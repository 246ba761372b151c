"""What a person types, as Slack hands it to an app: escaped, with names turned into mentions."""

from __future__ import annotations

import re

from desk.workspace import Workspace


def written(space: Workspace, typed: str, *, with_names: bool) -> str:
    """`@Ada Byron` becomes `<@U…>`, in commands (`should_escape`) `<@U…|ada.byron>`."""
    text = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    people = sorted(space.members.values(), key=lambda each: -len(each.name))
    known = {name.lower(): each for each in people for name in (each.handle, each.name)}
    if not known:
        return text
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))

    def mention(match: re.Match[str]) -> str:
        member = known[match.group(1).lower()]
        return f"<@{member.id}|{member.handle}>" if with_names else f"<@{member.id}>"

    return re.sub(rf"@({names})(?!\w)", mention, text, flags=re.IGNORECASE)
