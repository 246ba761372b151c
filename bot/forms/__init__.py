"""Forms: a title and pages of typed fields that clean and check raw answers. Pure values, drawn by each platform.

A field is its own typed key: `answers[MOOD]` has the type of `MOOD`. Raw answers are what a platform hands back by
field key: text as `str`, one option as its key, several as a list of keys, a box as `bool`,
a group as a list of mappings.
"""

from bot.forms.fields import MAX_GROUP, Day, Field, Group, LongText, Note, Number, Option, ShowIf, Text, Yes
from bot.forms.form import Answers, Form, Rejected
from bot.forms.picks import NOT_OBSERVED, Choice, Choices, People, Rating
from bot.forms.values import MAX_TEXT, Invalid, Problem, Raw, Refused, clean_text, parse_number, written

__all__ = [
    "MAX_GROUP",
    "MAX_TEXT",
    "NOT_OBSERVED",
    "Answers",
    "Choice",
    "Choices",
    "Day",
    "Field",
    "Form",
    "Group",
    "Invalid",
    "LongText",
    "Note",
    "Number",
    "Option",
    "People",
    "Problem",
    "Rating",
    "Raw",
    "Refused",
    "Rejected",
    "ShowIf",
    "Text",
    "Yes",
    "clean_text",
    "parse_number",
    "written",
]
