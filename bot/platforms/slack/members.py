"""Slack's user objects, of its directory and of its events, as profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.engine.profiles import Profile

LONGEST_USER, LONGEST_NAME, LONGEST_EMAIL, LONGEST_ZONE, LONGEST_LOCALE = 80, 200, 320, 64, 20
# Guests of many channels and of one, people of another company, and what is no person. `is_app_user` is none of them:
# Slack says it of people who have signed in to an app.
NOBODY = ("is_bot", "is_workflow_bot", "is_connector_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
SLACKBOT = "USLACKBOT"

Member = Mapping[str, Any]


def is_account(member: object) -> bool:
    user = member.get("id") if isinstance(member, Mapping) else None
    return isinstance(user, str) and 0 < len(user) <= LONGEST_USER and user.isascii() and user.isprintable()


def profile(member: Member, team: str) -> Profile:
    about = member.get("profile")
    about = about if isinstance(about, Mapping) else {}
    name = _text(about.get("real_name") or member.get("real_name"), LONGEST_NAME)
    said = member.get("updated")
    return Profile(
        str(member["id"]), name, _text(about.get("email"), LONGEST_EMAIL), _text(member.get("tz"), LONGEST_ZONE),
        _text(member.get("locale"), LONGEST_LOCALE), not member.get("deleted"), _is_colleague(member, team),
        said if isinstance(said, int) and 0 < said < 2**53 else 0,
    )  # fmt: skip


def _is_colleague(member: Member, team: str) -> bool:
    return not any(member.get(sign) for sign in NOBODY) and member["id"] != SLACKBOT and _is_of(member, team)


def _is_of(member: Member, team: str) -> bool:
    """Of this workspace. In an organisation of several, a person's own may be another one of these."""
    home, organisation = member.get("team_id"), member.get("enterprise_user")
    if not home or home == team:
        return True
    teams = organisation.get("teams") if isinstance(organisation, Mapping) else None
    return isinstance(teams, list) and team in teams


def _text(given: object, longest: int) -> str:
    """ "" for what no directory holds: cut short, an address or a zone would be another one."""
    if not isinstance(given, str):
        return ""
    text = "".join(sign for sign in given if sign.isprintable()).strip()
    return text if len(text) <= longest else text[:longest] if longest == LONGEST_NAME else ""
