"""The kinds of clients that people build, and what each of them needs: the safe defaults of `clients create`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gapura_auth.oauth.vocabulary import ClientAuthentication, GrantType

_CODE_AND_REFRESH = (GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN)
_PERSON = ("openid", "profile", "email", "offline_access")


class ClientKind(StrEnum):
    """What somebody builds."""

    SPA = "spa"
    NATIVE = "native"
    WEB = "web"
    MACHINE = "machine"
    DEVICE = "device"
    MCP = "mcp"


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """What a client of a kind is registered with unless its operator says otherwise."""

    description: str
    authentication: ClientAuthentication
    grant_types: tuple[GrantType, ...]
    scopes: tuple[str, ...] = _PERSON
    redirect_uris: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """Return the members of a registration document."""
        uses_code = GrantType.AUTHORIZATION_CODE in self.grant_types
        return {
            "token_endpoint_auth_method": self.authentication.value,
            "grant_types": [grant_type.value for grant_type in self.grant_types],
            "response_types": ["code"] if uses_code else [],
            "scope": " ".join(self.scopes),
            "redirect_uris": list(self.redirect_uris),
        }


KINDS: Mapping[ClientKind, KindDefaults] = {
    ClientKind.SPA: KindDefaults(
        "an application in the browser: no secret, code with PKCE", ClientAuthentication.NONE, _CODE_AND_REFRESH
    ),
    ClientKind.NATIVE: KindDefaults(
        "an application on a phone or a desktop: no secret, code with PKCE",
        ClientAuthentication.NONE,
        _CODE_AND_REFRESH,
    ),
    ClientKind.WEB: KindDefaults(
        "an application on a server: a secret, code with PKCE", ClientAuthentication.SECRET_BASIC, _CODE_AND_REFRESH
    ),
    ClientKind.MACHINE: KindDefaults(
        "a program that acts for itself: a secret, client credentials",
        ClientAuthentication.SECRET_BASIC,
        (GrantType.CLIENT_CREDENTIALS,),
        scopes=(),
    ),
    ClientKind.DEVICE: KindDefaults(
        "a television or a terminal: no secret, a code that is typed elsewhere",
        ClientAuthentication.NONE,
        (GrantType.DEVICE_CODE, GrantType.REFRESH_TOKEN),
    ),
    ClientKind.MCP: KindDefaults(
        "an MCP client on somebody's machine: no secret, code with PKCE on a loopback address",
        ClientAuthentication.NONE,
        _CODE_AND_REFRESH,
        redirect_uris=("http://127.0.0.1/callback", "http://localhost/callback"),
    ),
}
