from pydantic import Field

from gapura_chassis.settings import ServiceSettings


class UserSettings(ServiceSettings):
    """What the user service can be told: what every service can, on a port of its own."""

    port: int = Field(5001, ge=0, le=65535, alias="GAPURA_USERS_PORT", description="Port to listen on.")
