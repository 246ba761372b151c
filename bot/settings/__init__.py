"""The settings: RAPPORT_* variables, or files named by RAPPORT_*_FILE. The only reader of the environment."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import clock, texts
from bot.settings.addresses import is_here, is_loopback, listed, web_address
from bot.settings.reading import Secret
from bot.settings.scim import ScimSettings
from bot.settings.teams import TeamsSettings
from bot.storage.database import parse_url
from bot.storage.keys import KeyRing

_PREFIX = "RAPPORT_"
_SHORTEST_SECRET = 16
_SECRETS = ("database_url", "keys", "key_ring", "slack_app_token", "slack_signing_secret", "teams_app_password")

__all__ = ["Settings", "SettingsError", "is_loopback", "load", "new_key_line"]


class SettingsError(Exception):
    """Every problem at once, one line each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(ScimSettings, TeamsSettings):
    """A field's description says what to do when it is missing or wrong: it ends the sentence naming the variable."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True, extra="ignore"
    )

    host: str = Field("127.0.0.1", description="give the address to listen on, such as 127.0.0.1 or 0.0.0.0.")
    port: int = Field(3000, ge=0, le=65535, description="give a port number, such as 3000.")
    slack_api: str = Field("https://slack.com/api/", description="leave it out, or give the address of a test service.")
    database_url: Secret = Field(
        "sqlite:///rapport.db", description="write sqlite:///path/to/file or postgresql://user@host/name."
    )
    keys: Secret = Field(
        "rapport-keys", description="name a folder for the data keys, apart from the database, or a second database."
    )
    key_ring: Secret = Field(description="run 'rapport keys new' and keep its output secret.")
    slack_app_token: Secret = Field(
        "", description="copy the app-level token from your Slack app's page, under Basic Information; or leave it out."
    )
    slack_signing_secret: Secret = Field(
        "",
        validate_default=True,
        description="copy the Signing Secret from your Slack app's page, under Basic Information; "
        "while you change it, write both, with a comma between. With Socket Mode give RAPPORT_SLACK_APP_TOKEN instead.",
    )
    send_rate: float = Field(5.0, ge=0, description="give the messages a second for each workspace; 0 means no pacing.")
    tick_seconds: float = Field(5.0, gt=0, description="give the seconds between two looks at what is due, such as 5.")
    lease_seconds: float = Field(60.0, gt=0, description="give the seconds a send may take, such as 60.")
    clock_file: Path | None = Field(None, description="leave it out: it moves the clock of a try-out.")
    audit_anchor: Path | None = Field(None, description="name a file, best on another disk, that the bot may add to.")
    contact: str | None = Field(None, description="say in a few words whom unknown people may ask.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="choose DEBUG, INFO, WARNING or ERROR."
    )
    locale: str = Field("en", pattern=r"^[a-z]{2,3}([_-][A-Za-z]{2,4})?$", description="give a language, such as en.")
    holidays: str = Field("", description="name the country, or country and region, of who has none: DE or DE-BY.")
    threads: int = Field(None, ge=1, le=64, validate_default=True, description="give a number from 1 to 64.")

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """The newest first; during a rotation there are two."""
        return listed(self.slack_signing_secret)

    @field_validator("slack_api")
    @classmethod
    def _safe_api(cls, given: str) -> str:
        web_address(given, "tokens are sent to it")
        return given if given.endswith("/") else f"{given}/"

    @field_validator("database_url", "keys")
    @classmethod
    def _known_database(cls, given: str, info: ValidationInfo) -> str:
        if info.field_name == "database_url" or "://" in given:
            try:
                parse_url(given)
            except ValueError as error:
                raise ValueError(f"cannot be used. {error}") from None
        if info.field_name == "keys" and given == info.data.get("database_url"):
            raise ValueError("must not be the database itself: a restored backup would bring erased keys back.")
        return given

    @field_validator("key_ring")
    @classmethod
    def _real_keys(cls, given: str) -> str:
        try:
            KeyRing.parse(given)
        except ValueError as error:
            raise ValueError(str(error).removeprefix(f"{_PREFIX}KEY_RING")) from None
        return given

    @field_validator("slack_app_token")
    @classmethod
    def _app_level(cls, given: str) -> str:
        if given and not given.startswith("xapp-"):
            raise ValueError("is no app-level token: that begins with xapp-.")
        return given

    @field_validator("slack_signing_secret")
    @classmethod
    def _strong_secrets(cls, given: str, info: ValidationInfo) -> str:
        if not given and (info.data.get("slack_app_token", True) or info.data.get("teams_app_id", True)):
            return given  # Slack comes by the socket only or not at all, and the door stays shut
        if not given:
            raise ValueError(f"is missing: {cls.model_fields['slack_signing_secret'].description}")
        both = listed(given)
        if not 1 <= len(both) <= 2:
            raise ValueError(f"holds {len(both)} secrets; write one, or two while you change it.")
        test_service = is_here(info.data.get("slack_api", ""))
        if not test_service and min(map(len, both)) < _SHORTEST_SECRET:
            raise ValueError(f"is too short: Slack's has 32 characters, at least {_SHORTEST_SECRET} are needed.")
        return given

    @field_validator("locale")
    @classmethod
    def _shipped_language(cls, given: str) -> str:
        if not texts.speaks(given):
            known = ", ".join(texts.languages())
            raise ValueError(f"is a language that is not here: choose one of {known}. README says how to add one.")
        return given

    @field_validator("holidays")
    @classmethod
    def _known_place(cls, given: str) -> str:
        code, _, region = given.upper().partition("-")
        if given and clock.site_of(code, region) is None:
            known = ", ".join(clock.regions_of(code))
            raise ValueError(
                "names no public holidays. " + (f"In {code}: {known}." if known else "Write it like DE-BY.")
            )
        return given.upper()

    @field_validator("clock_file")
    @classmethod
    def _never_in_earnest(cls, given: Path | None, info: ValidationInfo) -> Path | None:
        known = info.data
        here = is_loopback(known.get("host", "")) and is_here(known.get("slack_api", ""))
        if known.get("teams_app_id") and known.get("teams_auth") != "off":
            here = here and is_here(known.get("teams_login", ""))
        if given is not None and not here:
            raise ValueError(
                "moves the clock of a try-out; it needs RAPPORT_HOST and RAPPORT_SLACK_API on this machine, and "
                "RAPPORT_TEAMS_LOGIN where there is Teams."
            )
        return given

    @field_validator("host")
    @classmethod
    def _not_open(cls, given: str, info: ValidationInfo) -> str:
        if info.data.get("teams_app_id") and info.data.get("teams_auth") == "off" and not is_loopback(given):
            raise ValueError("must be on this machine, such as 127.0.0.1, while RAPPORT_TEAMS_AUTH is off.")
        return given

    @field_validator("threads", mode="before")
    @classmethod
    def _fitting_threads(cls, given: object, info: ValidationInfo) -> object:
        if given is not None:
            return given
        return 1 if str(info.data.get("database_url", "")).startswith("sqlite") else 8

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _SecretFiles(settings_cls)


class _SecretFiles(PydanticBaseSettingsSource):
    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        named = os.environ.get(f"{_PREFIX}{field_name.upper()}_FILE")
        return (Path(named) if named else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        named = {name: self.get_field_value(self.settings_cls.model_fields[name], name)[0] for name in _SECRETS}
        return {name: path for name, path in named.items() if path is not None}


def load(**given: Any) -> Settings:
    """What is given here goes before the environment."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(tuple(_words(problem) for problem in error.errors(include_input=False))) from None


def new_key_line() -> str:
    """A ring of one key."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return f"{clock.real().year}-{secrets.token_hex(2)}:{key}"


def _words(problem: Any) -> str:
    name = str(problem["loc"][0])
    variable, fix = f"{_PREFIX}{name.upper()}", Settings.model_fields[name].description
    if problem["type"] == "missing":
        return f"{variable} is missing: {fix}"
    if problem["type"] == "value_error":
        own = str(problem["ctx"]["error"])
        return f"{variable}{own if own.startswith((' ', ',')) else f' {own}'}"
    return f"{variable} cannot be used: {fix}"
