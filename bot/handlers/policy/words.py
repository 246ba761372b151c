"""The fixed words of the policy's package, marked: roles, records, the draft of the impact assessment, reasons."""

from __future__ import annotations

from collections.abc import Mapping

from bot.texts import mark

BREAK_GLASS = (
    mark("Only for threats, harassment or a legal duty, and only until a confidential round closes."),
    mark("It takes two different people who hold the role, a reason, and an entry in the audit trail before anything "
         "opens. The author is told unless the law forbids it."),
    mark("After the close nobody can: the link is gone. No confidential round is built yet, so nothing can be opened."),
)  # fmt: skip
NOT_EVALUATED = mark("Nor are keystrokes, reactions, or voice and image.")
STATES: Mapping[str, str] = {"on": mark("on"), "off": mark("off"), "not_built": mark("not built yet")}
REASONS: Mapping[str, str] = {
    "": mark("as installed"),
    "by_hand": mark("by hand"),
    "no_basis": mark("off until a legal basis is recorded"),
    "agreement": mark("off until it is agreed with the works council"),
}
LIMITS: Mapping[str, str] = {
    "rater_statistics": mark("Rater statistics are for the facilitator of a calibration only."),
    "quality_statistics": mark("Statistics of feedback quality are of the whole company only."),
}
RECORDS: Mapping[str, str] = {
    "reviews": mark("Reviews, ratings, calibration reasons, promotion decisions"),
    "check_ins": mark("Check-ins and what was said of them, questions to HR, shared histories"),
    "goals": mark("Goals, KPIs, skill levels, development plans, promises"),
    "talent": mark("Talent notes"),
    "disputes": mark("Improvement plans, disputes, legal holds that ended"),
    "confidential": mark("Confidential answers of an open round"),
    "pulse": mark("Released answers of surveys, then figures only"),
    "participation": mark("Who was asked and took part, no answer; days away"),
    "signals": mark("Signals"),
    "exit": mark("Exit answers, then figures only"),
    "audit": mark("Audit trail: ids, counts and digests, no text; records of erasure"),
    "requests": mark("Received requests"),
    "messages": mark("Delivered messages, those that could not be sent, drafts left lying"),
    "person": mark("Who works here: name, accounts, lines, department, roles"),
}
DPIA: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        mark("Description"),
        (
            mark("People are asked in their chat for short check-ins; answers are stored encrypted on a server of the "
                 "company, read by their manager, and counted in figures of groups."),
            mark("People at work are a group that needs protection, and answers tell of their work: an assessment is "
                 "normally needed."),
        ),
    ),
    (
        mark("Necessity"),
        (
            mark("Each datum has one purpose, named in the list of features; what is not needed can be switched off "
                 "for each site, which stops collecting and showing it at once."),
        ),
    ),
    (
        mark("Risks and measures"),
        (
            mark("Pressure: three reminders a week at most, no ranking, who answers late is not rated for it, a "
                 "check-in can be left out without the manager learning why."),
            mark("Wrong inference: fixed rules instead of learned models, no score of a person, no emotion inferred."),
            mark("Small groups: no average of fewer than 5 people, nor one that could be worked out from others."),
            mark("The operator of the chat is a processor: messages carry who, what and when, texts are shown in "
                 "dialogs and stored on the company's own server."),
            mark("Access by administrators: texts are encrypted with a key of each person, roles have no content, and "
                 "each reading leaves an entry that cannot be changed."),
        ),
    ),
    (
        mark("For the employer to fill in"),
        (
            mark("Which necessity and balance of interests apply here; which agreement holds."),
            mark("Contract and place of processing of the operator of the chat."),
            mark("Opinion of the data protection officer and of the employees' representatives, with dates."),
            mark("Remaining risk, decision, and the day of the next review."),
        ),
    ),
)  # fmt: skip
