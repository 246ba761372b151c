"""`rapport okr …`: objectives by file, periods, pillars and how the company works with them."""

from bot.commands.okr.group import okr_group

__all__ = ["okr_group"]
