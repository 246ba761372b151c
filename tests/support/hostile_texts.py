"""What people may type or paste that a card could take for something else."""

from __future__ import annotations

HOSTILE: tuple[str, ...] = (
    "<at>Grace</at> **bold** _it_ ~~no~~ `code` [safe](https://evil.example) <b>html</b> &amp; <img src=x onerror=1>",
    "# Title\n- one\n1. two\n> quote\n***\n| a | b |",
    "{{DATE(2026-11-21T10:00:00Z,SHORT)}} {{{TIME(1)}}} ${name}",
    "\x00\x07\x1b[31m\x7f\x0b half \ud83d sign",
    "🎉" * 3000,
    "\\" * 50 + '"' * 50,
)


def as_shown(text: str) -> str:
    """What cannot be shown has a sign in its place, and nothing else is another."""
    return "".join("\ufffd" if (sign < " " and sign != "\n") or sign in "\x7f\ud83d" else sign for sign in text)
