"""A step of an objective's history in words: what was done, the reason, and what was there before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.access import HR, parties
from bot.handlers.okr import words
from bot.handlers.okr.standing import View
from bot.storage.okr.tables import ObjectiveStep
from bot.texts import say


def told(one: ObjectiveStep, of: View) -> tuple[str, ...]:
    said = json.loads(one.words or "{}")
    reasons = _reasons(said) if _for_reader(one, of) else []
    return (_move(one.move, said), *reasons, *_before(said.get("before") or {}))


def _for_reader(one: ObjectiveStep, of: View) -> bool:
    """Who reads the objective reads what was written of it; why it was sent back is between those two and HR."""
    if one.move != "send_back":
        return True
    named = of.actor.id in (one.by_id, one.on_behalf_of_id, of.objective.owner_id)
    return named or bool(parties(of.actor, of.subject) & HR)


def _move(move: str, said: Mapping[str, Any]) -> str:
    if said.get("from"):
        return say("carried it over from the period before")
    moves = {
        "created": say("made it"), "changed": say("changed it"), "aligned": say("aligned it"),
        "agree": say("agreed to it"), "activate": say("started it"), "send_back": say("sent it back"),
        "talk": say("would like to talk about it"), "confirmed": say("said that it still fits"),
        "pause": say("paused it"), "resume": say("resumed it"), "close": say("closed it"),
        "reopen": say("opened it again"), "cancel": say("cancelled it"), "status": say("set its status"),
        "agenda": say("wants to talk about it in the next 1:1"),
        "weighed": say("changed its weights or where its score comes from"),
    }  # fmt: skip
    return moves.get(move, move)


def _reasons(said: Mapping[str, Any]) -> list[str]:
    grade, lesson = said.get("grade"), said.get("lesson")
    found = [say("grade {grade}", grade=words.score(Decimal(grade)))] if grade else []
    found += [str(said["reason"])] if said.get("reason") else []
    return [*found, *([say("Lesson: {lesson}", lesson=lesson)] if lesson else [])]


def _before(before: Mapping[str, Any]) -> list[str]:
    """Only what was words: numbers of weights stand there for whoever exports it."""
    found = [before.get("title"), *(before.get("key_results") or ()), before.get("why")]
    return [say("Before: {what}", what="; ".join(str(one) for one in found if one))] if any(found) else []
