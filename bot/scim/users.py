"""Users asked for and written, each in one transaction, or a search in pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from bot import log
from bot.clock import Clock
from bot.rules.scim import Fault, User, drawn, in_place_of, matches, narrowed, parse, patched, read_user, understood
from bot.scim import keeping
from bot.scim.asking import names_version, version_of
from bot.scim.door import wrong
from bot.scim.terms import Held, Terms, users_of
from bot.storage import scim, scim_tokens
from bot.storage.database import Database
from bot.storage.policy import policy_of
from bot.storage.scim import Stored

PIECE = 500
T = TypeVar("T")
Resource = dict[str, Any]
logger = log.get("scim")


class Users:
    """`zone` is for new people without one; `percent` of all may leave in a day."""

    def __init__(self, database: Database, clock: Clock, zone: str, percent: int) -> None:
        self._database, self._clock = database, clock
        self._zone, self._percent = zone, percent

    def _do(self, token: UUID, work: Callable[[Terms], T], *, write: bool = True) -> T:
        now, real = self._clock.now(), self._clock.real()
        try:
            with self._database.transaction() as db:
                if not scim_tokens.use(db, token, real.date(), write=write):
                    raise wrong("scim_revoked")
                if write and not policy_of(db).allows("import"):
                    raise Fault("The import of people is switched off: whoever runs Rapport can tell why.", "", 403)
                today = scim.earliest_day(db, now)
                return work(Terms(db, now, real, today, token, self._zone, self._percent))
        except Held as held:
            # What was begun is undone by now, and HR hears of it all the same.
            with self._database.transaction() as db:
                scim_tokens.hold(db, held.gone, held.here, now, real)
            logger.warning("scim.held", count=held.gone)
            raise Fault(
                f"{held.gone} of {held.here} people were deactivated within a day, and more are not let go without a "
                f"word. If it is right, whoever runs Rapport types: rapport scim allow N", "", 403,
            ) from None  # fmt: skip
        except IntegrityError:
            raise Fault("Somebody else was given this name, address or number just now.", "uniqueness", 409) from None

    def create(self, token: UUID, base: str, body: Mapping[str, Any]) -> Resource:
        wanted = understood(read_user(body))
        return self._do(token, lambda terms: _seen(terms, base, keeping.create(terms, wanted)))

    def get(self, token: UUID, base: str, who: UUID) -> Resource:
        return self._do(token, lambda terms: _seen(terms, base, who), write=False)

    def replace(self, token: UUID, base: str, who: UUID, body: Mapping[str, Any], match: str) -> Resource:
        return self._change(token, base, who, match, lambda user: in_place_of(user, body))

    def patch(self, token: UUID, base: str, who: UUID, body: Mapping[str, Any], match: str) -> Resource:
        return self._change(token, base, who, match, lambda user: patched(user, body))

    def _change(
        self, token: UUID, base: str, who: UUID, match: str, made: Callable[[Resource], Resource]
    ) -> Resource:  # fmt: skip
        def work(terms: Terms) -> Resource:
            stored, before = _found(terms, who)
            _matches(before, base, match)
            wanted = understood(made(drawn(before, as_given=True)), before)
            keeping.change(terms, stored, before, wanted)
            terms.db.flush()
            return _seen(terms, base, who)

        return self._do(token, work)

    def delete(self, token: UUID, base: str, who: UUID, match: str) -> None:
        def work(terms: Terms) -> None:
            stored, before = _found(terms, who)
            _matches(before, base, match)
            keeping.delete(terms, stored)

        self._do(token, work)

    def page(self, token: UUID, base: str, first: int, count: int) -> tuple[int, list[Resource]]:
        def work(terms: Terms) -> tuple[int, list[Resource]]:
            # What lies beyond is empty anyway, and a database counts only so far.
            total, rows = scim.page(terms.db, min(first - 1, 2**31), count)
            return total, [with_version(drawn(one, base)) for one in users_of(terms.db, terms.today, rows)]

        return self._do(token, work, write=False)

    def piece(self, token: UUID, base: str, wanted: str, after: UUID | None) -> tuple[list[Resource], UUID | None]:
        """Those of the next people who fit, and after whom to go on; None: nobody is left."""
        chosen = parse(wanted)

        def work(terms: Terms) -> tuple[list[Resource], UUID | None]:
            rows = scim.visible(terms.db, scim.narrowing(narrowed(chosen)), after, PIECE)
            every = [with_version(drawn(one, base)) for one in users_of(terms.db, terms.today, rows)]
            return [one for one in every if matches(chosen, one)], rows[-1].person.id if len(rows) == PIECE else None

        return self._do(token, work, write=False)


def with_version(user: Resource) -> Resource:
    user["meta"]["version"] = version_of(user)
    return user


def _found(terms: Terms, who: UUID) -> tuple[Stored, User]:
    stored = scim.one_of(terms.db, who)
    if stored is None:
        raise Fault(f"There is no user {who}.", "", 404)
    return stored, users_of(terms.db, terms.today, [stored])[0]


def _seen(terms: Terms, base: str, who: UUID) -> Resource:
    return with_version(drawn(_found(terms, who)[1], base))


def _matches(before: User, base: str, header: str) -> None:
    if header and not names_version(header, version_of(drawn(before, base))):
        raise Fault("The user has changed since. Read it again.", "", 412)
