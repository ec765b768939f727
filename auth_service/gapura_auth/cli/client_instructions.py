"""What the developer of a new client is given to paste."""

from collections.abc import Callable, Iterator, Mapping

from gapura_auth.clients.kinds import ClientKind
from gapura_auth.oauth.clients import Client


def instructions(kind: ClientKind, client: Client, secret: str | None, issuer: str) -> str:
    """Return the text to print after a client was created."""
    return "\n".join([*_facts(client, secret, issuer), "", *_NEXT[kind](client, issuer)])


def _facts(client: Client, secret: str | None, issuer: str) -> Iterator[str]:
    yield f"The client {client.presentation.name} was created."
    yield ""
    yield f"issuer:         {issuer}"
    yield f"discovery:      {issuer}/.well-known/openid-configuration"
    yield f"client_id:      {client.id}"
    if secret is not None:
        yield f"client_secret:  {secret}"
        yield "                (it is not shown again)"
    if client.redirect_uris:
        yield f"redirect_uri:   {' '.join(client.redirect_uris)}"
    yield f"scope:          {' '.join(sorted(client.scopes))}"


def _browser(client: Client, issuer: str) -> list[str]:
    return [
        "In the browser, with oidc-client-ts (npm):",
        "",
        "  new UserManager({",
        f'    authority: "{issuer}",',
        f'    client_id: "{client.id}",',
        f'    redirect_uri: "{client.redirect_uris[0]}",',
        f'    scope: "{" ".join(sorted(client.scopes))}",',
        "    loadUserInfo: true,",
        "  })",
    ]


def _server(client: Client, issuer: str) -> list[str]:
    return [
        "On the server, with Authlib (Flask):",
        "",
        '  oauth.register("gapura",',
        f'      client_id="{client.id}",',
        '      client_secret=os.environ["CLIENT_SECRET"],',
        f'      server_metadata_url="{issuer}/.well-known/openid-configuration",',
        f'      client_kwargs={{"scope": "{" ".join(sorted(client.scopes))}", "code_challenge_method": "S256"}})',
    ]


def _native(client: Client, issuer: str) -> list[str]:
    return [
        "With AppAuth, or any library for code with PKCE:",
        "",
        f"  issuer {issuer}, client {client.id}, no secret, S256",
        "  A loopback redirect_uri may have any port.",
    ]


def _machine(client: Client, issuer: str) -> list[str]:
    return [
        "A token, with curl:",
        "",
        f'  curl -u "{client.id}:$CLIENT_SECRET" -d grant_type=client_credentials {issuer}/oauth/token',
    ]


def _device(client: Client, issuer: str) -> list[str]:
    return [
        "A code for the person to type, with curl:",
        "",
        f"  curl -d client_id={client.id} {issuer}/oauth/device_authorization",
    ]


def _mcp(client: Client, issuer: str) -> list[str]:
    return [
        "Give the MCP client this identifier; it finds everything else by itself:",
        "",
        f"  client_id {client.id}, authorization server {issuer}",
    ]


_NEXT: Mapping[ClientKind, Callable[[Client, str], list[str]]] = {
    ClientKind.SPA: _browser,
    ClientKind.NATIVE: _native,
    ClientKind.WEB: _server,
    ClientKind.MACHINE: _machine,
    ClientKind.DEVICE: _device,
    ClientKind.MCP: _mcp,
}
