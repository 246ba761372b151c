"""The settings of Teams. Without an app id it is off, and the others say nothing."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from bot.settings.addresses import is_here, listed, web_address
from bot.settings.reading import Secret

# Ids are GUIDs; the desk and other try-outs have simpler ones.
_ID = re.compile(r"[A-Za-z0-9-]{1,80}", re.ASCII)
_LOGIN = "https://login.microsoftonline.com/"
_OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"


class TeamsSettings(BaseSettings):
    """`teams_tenants` are the only ones whose people get an answer; the first is the app's own."""

    teams_app_id: str = Field(
        "", description="copy the Application (client) ID of your bot's app registration; or leave it out."
    )
    teams_auth: Literal["required", "off"] = Field(
        "required", description="leave it out: off is for a try-out on this machine."
    )
    teams_app_password: Secret = Field(
        "",
        validate_default=True,
        description="copy the value of a client secret from your bot's app registration, under Certificates & secrets.",
    )
    teams_tenants: str = Field(
        "",
        validate_default=True,
        description="write the ids of the tenants whose people may use the bot, the app's own first, with commas "
        "between.",
    )
    teams_login: str = Field(_LOGIN, description="leave it out, or give the address of a test service.")
    teams_openid: str = Field(_OPENID, description="leave it out, or give the address of a test service.")

    @property
    def tenants(self) -> tuple[str, ...]:
        return listed(self.teams_tenants)

    @property
    def teams_is_local(self) -> bool:
        """Whether Teams is played by this machine: then no address elsewhere is called."""
        return self.teams_auth == "off" or is_here(self.teams_login)

    @field_validator("teams_app_id")
    @classmethod
    def _real_app(cls, given: str) -> str:
        if given and not _ID.fullmatch(given):
            raise ValueError("is no id of an app: that is made of letters, digits and hyphens.")
        # A token names it in small letters.
        return given.lower()

    @field_validator("teams_app_password")
    @classmethod
    def _needed_password(cls, given: str, info: ValidationInfo) -> str:
        if not given and info.data.get("teams_app_id") and info.data.get("teams_auth", "off") == "required":
            raise ValueError(f"is missing: {cls.model_fields['teams_app_password'].description}")
        return given

    @field_validator("teams_tenants")
    @classmethod
    def _needed_tenants(cls, given: str, info: ValidationInfo) -> str:
        found = listed(given)
        if not found and info.data.get("teams_app_id"):
            raise ValueError(f"is missing: {cls.model_fields['teams_tenants'].description}")
        if not all(_ID.fullmatch(one) for one in found):
            raise ValueError("holds something that is no tenant's id: those are made of letters, digits and hyphens.")
        return given

    @field_validator("teams_login", "teams_openid")
    @classmethod
    def _safe(cls, given: str, info: ValidationInfo) -> str:
        if info.field_name == "teams_openid":
            return web_address(given, "what it says decides who is let in")
        web_address(given, "the app's password is sent to it")
        return given if given.endswith("/") else f"{given}/"
