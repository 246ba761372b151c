"""Accounts as a platform names and describes them."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Who:
    """An account as the platform names it."""

    platform: str
    workspace: str
    user: str


@dataclass(frozen=True)
class Profile:
    """One account of a workspace's directory. `colleague` False: a guest, a bot, or somebody of another company. `said`
    is when that was so, by the platform's clock; 0 where it does not tell.
    """

    user: str
    name: str
    email: str
    zone: str
    locale: str
    active: bool
    colleague: bool = True
    said: int = 0


@dataclass(frozen=True)
class Reference:
    """Where an account takes messages, as its platform last said: kept fresh, since it may change. `channel`, `email`
    and what follows are "" where the platform did not say; `installed` False when they took the bot away, `colleague`
    as in `Profile`.
    """

    who: Who
    account: str
    channel: str
    service: str
    email: str = ""
    name: str = ""
    zone: str = ""
    locale: str = ""
    installed: bool = True
    colleague: bool = True

    def over(self, earlier: Reference) -> Reference:
        """What this one does not say, as it was."""
        return replace(
            self, channel=self.channel or earlier.channel, name=self.name or earlier.name,
            zone=self.zone or earlier.zone, locale=self.locale or earlier.locale,
        )  # fmt: skip
