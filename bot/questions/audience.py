"""Who reads an answer, in a sentence at the question."""

from __future__ import annotations

from collections.abc import Mapping

from bot.questions.sets import Question, QuestionSet
from bot.texts import say


def audience(question: Question, qs: QuestionSet, names: Mapping[str, str], *, box_above: bool = False) -> str:
    """`names` has the names of "manager" and "subject" as far as they are known."""
    writer = question.by or qs.by
    readers = _readers(question.audience, writer, names)
    clauses = [
        clause
        for clause in (
            _manager(question, writer, names, box_above),
            _aggregate(question, qs),
            _shuffled(question, qs, writer, names),
            _second_line(question, qs, names),
        )
        if clause
    ]
    if not readers:
        return "; ".join([say("Nobody by name"), *clauses])
    if question.audience == ("author",) and not clauses:
        return say("Only you")
    sentence = "; ".join([_listed(readers), *clauses])
    return sentence[0].upper() + sentence[1:]


def _readers(words: tuple[str, ...], writer: str, names: Mapping[str, str]) -> list[str]:
    """Named people; whoever writes is "You" and not named again."""
    both = writer == "either" and {"author", "subject", "manager"} <= set(words)
    manager = names.get("manager", "")
    readers = {
        "author": say("Both of you") if both else say("You"),
        "subject": "" if both or writer == "self" else _subject(names),
        "manager": "" if both or writer == "manager" else manager,
        "committee": say("the committee"),
        "hr": say("HR"),
    }
    return [reader for word, reader in readers.items() if word in words and reader]


def _manager(question: Question, writer: str, names: Mapping[str, str], box_above: bool) -> str:
    if "manager" not in question.audience and not question.shared_by:
        return ""
    if writer != "manager" and not names.get("manager"):
        if writer in ("self", "either"):
            return say("I know no manager for you yet")
        return say("I know no manager for {subject} yet", subject=_subject(names))
    if not question.shared_by:
        return ""
    if box_above:
        return say("your manager only if you tick the box above")
    return say("your manager only if you tick the box below")


def _aggregate(question: Question, qs: QuestionSet) -> str:
    if "aggregate" not in question.audience:
        return ""
    figures = {"people": qs.min_group, "texts": qs.min_group_comments}
    if question.kind == "text":
        if qs.confidential:
            return say("only among {texts} texts or more", **figures)
        return say("others only among {texts} texts or more, without names", **figures)
    if question.kind in ("scale", "number"):
        if qs.confidential:
            return say("only in averages of {people} or more", **figures)
        return say("others only in team averages of {people} or more", **figures)
    if qs.confidential:
        return say("only in counts of {people} or more", **figures)
    return say("others only in counts of {people} or more", **figures)


def _shuffled(question: Question, qs: QuestionSet, writer: str, names: Mapping[str, str]) -> str:
    words = tuple(word.removesuffix("_if_min_group") for word in question.audience if word.endswith("_if_min_group"))
    readers = _readers(words, writer, names)
    if not readers:
        return ""
    people = qs.min_group_comments if question.kind == "text" else qs.min_group
    return say("{readers} only from {people} people on, shuffled", readers=_listed(readers), people=people)


def _second_line(question: Question, qs: QuestionSet, names: Mapping[str, str]) -> str:
    if qs.second_line != "after_sharing" or "subject" not in question.audience:
        return ""
    return say("managers above only once it is shared with {subject}", subject=_subject(names))


def _subject(names: Mapping[str, str]) -> str:
    return names.get("subject") or say("the person this is about")


def _listed(readers: list[str]) -> str:
    if len(readers) == 1:
        return readers[0]
    return say("{others} and {last}", others=", ".join(readers[:-1]), last=readers[-1])
