"""The desk's Teams in one piece: tenant, issuer, service, and the way to the bot."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from desk.faults import Faults
from desk.teams import service
from desk.teams.activities import Activities
from desk.teams.deliver import Delivery
from desk.teams.issuer import Issuer
from desk.teams.sending import Sender
from desk.teams.service import Service
from desk.teams.tenant import Tenant


class Teams:
    def __init__(
        self, tenant: Tenant, bot_url: Callable[[], str], faults: Faults, retry_after: tuple[float, ...]
    ) -> None:
        self.tenant = tenant
        self.issuer = Issuer(tenant.app)
        self.service = Service(tenant, self.issuer, faults)
        self.activities = Activities(tenant)
        self.delivery = Delivery(tenant, self.activities, Sender(bot_url, self.issuer, faults, retry_after))

    def at(self, url: str) -> None:
        """Where the desk is reached."""
        self.issuer.base = f"{url}{service.LOGIN}"
        self.activities.service_url = f"{url}{service.HERE}/"
        self.tenant.files.base = url

    def tells(self, told: Callable[[], None]) -> None:
        """`told` is called after each exchange."""
        self.service.told = self.delivery.sender.told = told

    def add_routes(self, app: web.Application) -> None:
        self.service.add_routes(app)

    def settings(self) -> dict[str, str]:
        """What a bot must know to be this tenant's; by the names of its settings."""
        app = self.tenant.app
        return {
            "teams_app_id": app.id,
            "teams_app_password": app.password,
            "teams_tenants": app.tenant,
            "teams_auth": "required",
            "teams_login": f"{self.issuer.base}/",
            "teams_openid": f"{self.issuer.base}/v1/.well-known/openidconfiguration",
        }
