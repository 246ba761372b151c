"""What Slack says of each workspace's token: whether it works, what it may do, and what time it is there."""

from __future__ import annotations

from collections.abc import Iterator

from bot.clock import real
from bot.commands.readiness.findings import Finding, fine, note, stops
from bot.commands.readiness.stored import Place
from bot.platforms import Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.slack.api import SlackPlatform
from bot.platforms.slack.permissions import SCOPES, Granted

# A request that is signed more than five minutes from now by our clock is turned away.
TURNED_AWAY, WORTH_A_NOTE = 240.0, 30.0


async def look(api: str, place: Place) -> list[Finding]:
    slack = SlackPlatform(api)
    await slack.start()
    try:
        granted = await slack.granted(place.token)
    except Undeliverable as error:
        return [
            stops(
                f"Slack refuses the token of {place.name}: {error.code}. "
                "Install the app again, then: rapport slack add < token.txt"
            )
        ]
    except (Throttled, Unanswered, Unavailable) as error:
        return [stops(f"Slack does not answer for {place.name} ({error}). Look at this host's way out to {api}")]
    finally:
        await slack.stop()
    return [*_token(place, granted), *_clock(granted)]


async def socket(api: str, app_token: str) -> list[Finding]:
    """Socket Mode's own token: Slack gives an address for it, which is not opened."""
    if not app_token:
        return []
    slack = SlackPlatform(api)
    await slack.start()
    try:
        await slack.socket_address(app_token)
    except Undeliverable as error:
        return [
            stops(
                f"Slack refuses RAPPORT_SLACK_APP_TOKEN: {error.code}. "
                "It needs the scope connections:write, and Socket Mode must be on in the app."
            )
        ]
    except (Throttled, Unanswered, Unavailable) as error:
        return [stops(f"Slack gives no socket ({error}). Look at this host's way out to {api}")]
    finally:
        await slack.stop()
    return [fine("Slack gives a socket for RAPPORT_SLACK_APP_TOKEN.")]


def _token(place: Place, granted: Granted) -> Iterator[Finding]:
    if granted.workspace != place.external_id:
        yield stops(f"The token of {place.name} is one of another workspace. Run: rapport slack add < token.txt")
    elif granted.scopes is None:
        yield note(f"The token of {place.name} works; what it may do was not told.")
    elif missing := SCOPES.keys() - granted.scopes:
        yield stops(
            f"The app in {place.name} may not do all it needs; missing: {', '.join(sorted(missing))}. Add it under "
            "OAuth & Permissions, install the app again, then: rapport slack add < token.txt"
        )
    elif more := granted.scopes - SCOPES.keys():
        yield note(f"The app in {place.name} may do more than it needs: {', '.join(sorted(more))}. Take that away.")
    else:
        yield fine(f"The token of {place.name} works and may do exactly what is needed.")


def _clock(granted: Granted) -> Iterator[Finding]:
    if granted.at is None:
        return
    apart = abs((granted.at - real()).total_seconds())
    if apart > TURNED_AWAY:
        yield stops(f"This host's clock and Slack's differ by {apart:.0f} seconds: its requests would be turned away.")
    elif apart > WORTH_A_NOTE:
        yield note(f"This host's clock and Slack's differ by {apart:.0f} seconds. Let NTP set this one.")
