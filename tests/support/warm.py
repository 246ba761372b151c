"""What every process of a bot does first, done once here: those that are forked from this one have it already."""

from __future__ import annotations

import gc

from sqlalchemy.orm import configure_mappers

import bot.handlers
from bot import questions, texts
from bot.conversation import discover

discover(bot.handlers)
questions.load_all()
texts.load()
configure_mappers()
# Looked at by no collection in a fork, which would copy every page that it touches.
gc.collect()
gc.freeze()
