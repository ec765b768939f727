from pydantic import Field

from gapura_chassis.settings import ServiceSettings


class ProductSettings(ServiceSettings):
    """What the product service can be told."""

    port: int = Field(5002, ge=0, le=65535, alias="GAPURA_PRODUCTS_PORT", description="Port to listen on.")
