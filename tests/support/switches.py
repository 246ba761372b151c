"""How Chromium is started: without a screen, a sandbox, or a word to anybody."""

import os
import shutil

import pytest

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """Where it is; without it the test is left out, or failed where all of them must be run. The one that has no window
    at all opens a page for a fifth of the work.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        missing = "Chromium is not installed: nothing was tried in a browser (Debian: apt-get install chromium)."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return found
