"""The owner says another status than the numbers do, with a reason; both are shown, and it can be taken back."""

from __future__ import annotations

from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Choice, Form, LongText, Note, Option, Rejected
from bot.handlers.okr import rights, words
from bot.handlers.okr.doing import changed, found, sent, shown
from bot.handlers.okr.standing import View
from bot.rules import okr
from bot.texts import say

NUMBERS = "numbers"
REASON = 500
STATUSES: tuple[okr.Status, ...] = ("on_track", "at_risk", "off_track")


class Status(Conversation):
    name = "okr.status"
    dialog = True

    def _status(self, of: View) -> Choice:
        options = (
            *(Option(one, words.status(one)) for one in STATUSES),
            Option(NUMBERS, say("What the numbers say")),
        )
        return Choice("status", say("How does it stand?"), options=options, start=of.objective.said_status or NUMBERS)

    def _why(self, ctx: Context, of: View) -> LongText:
        return LongText(
            "why", say("Why?"), limit=REASON, required=False, audience=words.audience(ctx, of),
            help=say("What do you know that the numbers do not show?"),
        )  # fmt: skip

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, "end")
        if isinstance(of, Reply):
            return of
        if rights.party(ctx, of) != "owner":
            return shown(ctx, of, say("That is for its owner to say."), inside=True)
        if of.state != "active" or of.pace is None:
            return shown(ctx, of, say("Its status follows from its updates, and there is none now."), inside=True)
        what = Note("what", say("By the numbers it is {status}.", status=words.status(of.pace)))
        return Form.of(
            say("Another status"), what, self._status(of), self._why(ctx, of), submit=say("Save"),
            ids=(str(of.objective.id),), version=str(of.objective.version),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = sent(ctx, "end")
        if isinstance(of, Reply):
            return of
        given, why = answers[self._status(of)], answers[self._why(ctx, of)]
        said = next((one for one in STATUSES if one == given), None)
        if said and not why:
            raise Rejected({self._why(ctx, of): say("One sentence, please: others see both.")})
        of.objective.said_status = said
        note = say("Saved. Both are shown.") if said else say("Taken back: the numbers speak.")
        told = {"status": said, "reason": why}
        return changed(ctx, of, "okr.status", "status", note, words=told, inside=True, status=said)
