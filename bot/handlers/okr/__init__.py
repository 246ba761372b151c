"""Objectives and key results in the chat: `/okr`."""
