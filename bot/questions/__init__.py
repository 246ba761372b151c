"""Questions kept as data: content files read and checked, question sets as values, and their fields in a form.

Importing reads nothing; the shipped files are read at the first use and kept.
"""

from bot.questions.answers import Figure, numbers_of, texts_of
from bot.questions.audience import audience
from bot.questions.carrying import carried, carried_answers, carry, lines_of
from bot.questions.drawing import description_of, fields_of, title_of
from bot.questions.entries import ContentError
from bot.questions.loading import Content, load_all, question_set
from bot.questions.ratings import Role, points
from bot.questions.sets import Question, QuestionSet, Scale, ScalePoint, Variant, dump, parse

__all__ = [
    "Content",
    "ContentError",
    "Figure",
    "Question",
    "QuestionSet",
    "Role",
    "Scale",
    "ScalePoint",
    "Variant",
    "audience",
    "carried",
    "carried_answers",
    "carry",
    "description_of",
    "dump",
    "fields_of",
    "lines_of",
    "load_all",
    "numbers_of",
    "parse",
    "points",
    "question_set",
    "texts_of",
    "title_of",
]
