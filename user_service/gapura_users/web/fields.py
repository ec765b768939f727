"""What each member of a profile may be, as types: checked before a view runs, and written into the OpenAPI document."""

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from gapura_users.profile import (
    LOCALE_LENGTH,
    NAME_LENGTH,
    NAME_PART_LENGTH,
    PHONE_NUMBER_LENGTH,
    PICTURE_LENGTH,
    ZONEINFO_LENGTH,
)

# control characters, and those that turn the direction of what is shown after them
_CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
_LINE = rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}][^{_CONTROLS}]*$"
_LINES = rf"^(?:[^{_CONTROLS}]|\r?\n)*[^\s{_CONTROLS}](?:[^{_CONTROLS}]|\r?\n)*$"

# RFC 5646, section 2.1, without the grandfathered tags, which are all deprecated
_LANGUAGE_TAG = (
    r"^(?:(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"
    r"(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?|[Xx](?:-[A-Za-z0-9]{1,8})+)$"
)
_E164 = r"^\+[1-9][0-9]{5,14}$"
# RFC 3986: http or https, a host name or IPv4 address, no user name or password, and only what an address may hold
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_PORT = r"[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
_WEB_ADDRESS = (
    rf"^https?://{_LABEL}(?:\.{_LABEL})*(?::(?:{_PORT}))?"
    r"(?:[/?#](?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?$"
)


@cache
def time_zones() -> frozenset[str]:
    """Return the names of the IANA time zones that this machine knows."""
    return frozenset(available_timezones())


def _is_time_zone(name: str) -> str:
    if name not in time_zones():
        message = "must be the name of an IANA time zone, such as Asia/Jakarta"
        raise ValueError(message)
    return name


FullName = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH, pattern=_LINE, examples=["Budi Santoso"])]
NamePart = Annotated[str, Field(min_length=1, max_length=NAME_PART_LENGTH, pattern=_LINE, examples=["Budi"])]
Locale = Annotated[str, Field(max_length=LOCALE_LENGTH, pattern=_LANGUAGE_TAG, examples=["id-ID"])]
TimeZone = Annotated[
    str,
    Field(
        min_length=1,
        max_length=ZONEINFO_LENGTH,
        json_schema_extra={"format": "iana-time-zone"},
        examples=["Asia/Jakarta"],
    ),
    AfterValidator(_is_time_zone),
]
PhoneNumber = Annotated[str, Field(max_length=PHONE_NUMBER_LENGTH, pattern=_E164, examples=["+6281234567890"])]
Picture = Annotated[
    str, Field(max_length=PICTURE_LENGTH, pattern=_WEB_ADDRESS, examples=["https://example.com/budi.jpg"])
]
AddressLine = Annotated[str, Field(min_length=1, max_length=200, pattern=_LINE)]
AddressLines = Annotated[str, Field(min_length=1, max_length=1000, pattern=_LINES)]
PostalCode = Annotated[str, Field(min_length=1, max_length=20, pattern=_LINE)]
SearchText = Annotated[str, Field(max_length=100, pattern=rf"^[^{_CONTROLS}]*$")]
