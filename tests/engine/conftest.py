"""Every conversation is tried on each platform, and no test says which it is on: `world` on each platform once and each
database once, `chat` on each platform with SQLite.
"""

from __future__ import annotations

import pairs

pair, platform = pairs.pair, pairs.platform
