"""How long what is kept, as it is in force. Where the terms of the presets come from, they are to be asked for here:
`policy_preset.name` names the preset, `bot.rules.policy.PRESETS[name].retention` its terms.
"""

from __future__ import annotations

from typing import Any

# Days. What has none is kept until its person goes: nothing deletes it by itself yet.
IN_FORCE = {"receipts": 7, "outbox": 30, "words": 1}


def terms(records: list[str]) -> dict[str, Any]:
    """By record: the days, None for no term, and when that was carried out last; technical rows go every day."""
    return {one: {"days": IN_FORCE.get(one), "last_run": "daily" if one in IN_FORCE else None} for one in records}
