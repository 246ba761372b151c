"""The settings of SCIM. It is off until there is a token for it."""

from __future__ import annotations

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from bot.clock import valid_zone


class ScimSettings(BaseSettings):
    scim_zone: str = Field("UTC", description="give the time zone of new people without one, such as Europe/Lisbon.")
    scim_percent: int = Field(
        10, ge=0, le=100, description="give how many of a hundred people may be deactivated in a day."
    )

    @field_validator("scim_zone")
    @classmethod
    def _known_zone(cls, given: str) -> str:
        if not valid_zone(given):
            raise ValueError("is no time zone. Write it like Europe/Lisbon.")
        return given
