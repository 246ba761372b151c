"""What the page is told about a person's Teams, as JSON."""

from __future__ import annotations

from desk.teams.tenant import Tenant
from desk.teams.values import Activity, Dialog
from desk.values import Json


def person(tenant: Tenant, user: str) -> Json:
    one, dialog = tenant.person(user), tenant.dialog(user)
    return {
        "messages": [_message(each) for each in tenant.messages(user)],
        "dialog": _dialog(dialog) if dialog else None,
        "installed": one.installed,
        "blocked": one.blocked,
    }


def _message(activity: Activity) -> Json:
    return {
        "id": activity.id,
        "by_bot": not activity.sender,
        "text": activity.text,
        "attachments": activity.attachments,
        "errors": activity.errors,
        "edited": activity.edited,
        "settled": activity.settled,
        "at": activity.at,
    }


def _dialog(dialog: Dialog) -> Json:
    return {
        "id": dialog.id,
        "title": dialog.title,
        "card": dialog.card,
        "width": dialog.size[0],
        "errors": dialog.errors,
        "notice": dialog.notice,
    }
