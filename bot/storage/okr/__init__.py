"""Objectives, key results and their updates; one subject a file."""
