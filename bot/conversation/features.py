"""The features that can be switched, in words: what for, from which data, who sees it; marked, to be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bot.texts import mark


class Told(NamedTuple):
    """What is not built has a title alone."""

    title: str
    purpose: str = ""
    data: str = ""
    seen_by: str = ""


FEATURES: Mapping[str, Told] = {
    "checkins": Told(
        mark("Regular check-ins"),
        mark("regular talk between people and their manager about the work"),
        mark("What moved, what comes next, what is in the way; when it was asked and answered"),
        mark("The author and the manager of the day it was sent, or who acts for the manager"),
    ),
    "mood": Told(
        mark("Mood and workload"),
        mark("support in weeks that go badly"),
        mark("How the week felt and how much there was to do, each from 1 to 5"),
        mark("The author; the manager where the author shares it; else only averages of at least 5 people"),
    ),
    "signals": Told(mark("Support signals")),
    "nudges": Told(
        mark("Reminders"),
        mark("reminding of what was asked, once a day at most"),
        mark("Whether an answer is in, working hours, absences without a reason"),
        mark("The person reminded; a manager who asked for one reminder"),
    ),
    "digests": Told(
        mark("Digests"),
        mark("an overview on Mondays for managers and HR, and of one's own month"),
        mark("Counts and averages; for managers who has not answered, for oneself the own month"),
        mark("The reader of each digest"),
    ),
    "goals": Told(
        mark("Goals"),
        mark("agreeing what is to change by when, and seeing where it stands"),
        mark(
            "Objectives, key results with values, confidence and notes, by whom and when; grade and lesson at the end"
        ),
        mark("Everybody, for those of the company, departments and teams; an individual's as the company chose"),
    ),
    "kpis": Told(
        mark("Key figures"),
        mark("seeing whether work that goes on is healthy"),
        mark("A value with its day, who entered it, the band that is healthy; never about one person"),
        mark("Everybody here"),
    ),
    "feedback": Told(
        mark("Comments and thanks on check-ins"),
        mark("answers to what somebody wrote"),
        mark("Comments, questions, replies, thanks, what was put aside for the next 1:1"),
        mark("The two sides of the check-in, or who acts for the manager"),
    ),
    "peer_360": Told(mark("360 feedback")),
    "pulse": Told(mark("Pulse surveys")),
    "reviews": Told(mark("Reviews")),
    "ratings": Told(mark("Ratings")),
    "calibration": Told(mark("Calibration and rater statistics")),
    "quality_coach": Told(mark("Quality coach")),
    "talent": Told(mark("Talent")),
    "succession": Told(mark("Succession")),
    "development_plans": Told(mark("Development plans")),
    "improvement_plans": Told(mark("Improvement plans")),
    "adverse_impact": Told(mark("Adverse impact")),
    "completion_lists": Told(
        mark("Individual completion lists"),
        mark("managers see for whom an answer is still missing"),
        mark("Who has answered, by name"),
        mark("The manager and who acts for them; HR sees counts"),
    ),
    "import": Told(
        mark("Import of the list of people"),
        mark("knowing who works here and who leads whom"),
        mark("Name, e-mail, department, manager, country, zone, first and last day"),
        mark("HR and IT"),
    ),
    "export": Told(
        mark("Own data as files"),
        mark("everybody's right to a copy of what is stored about them"),
        mark("All that is stored about the person"),
        mark("The person alone"),
    ),
}
BASES: Mapping[str, str] = {
    "interests": mark("Legitimate interests of the employer (GDPR, Art. 6(1)(f))"),
    "contract": mark("Performing the employment contract (GDPR, Art. 6(1)(b))"),
    "duty": mark("Legal duty (GDPR, Art. 6(1)(c) with Art. 15 and 20)"),
    "none": mark("None recorded"),
}
# What nobody evaluates, wherever that is told.
NEVER = (
    mark("I am in no channel that I was not invited to, and read none. I read only what is sent to me."),
    mark(
        "Nobody evaluates: messages to others, presence and online times, how fast you type or answer, what you read, "
        "your calendar, your files, where you are, tone or emotion."
    ),
    mark("There is no score of a person, no ranking and no learned model. Who answers late is not rated for it."),
)
