"""`gapura-auth clients`: the applications that people log in to, and programs that act for themselves."""

from dataclasses import dataclass
from typing import IO

import click
import orjson

from gapura_auth.cli.client_instructions import instructions
from gapura_auth.cli.installation import Installation, with_installation
from gapura_auth.cli.output import as_json as json_option
from gapura_auth.cli.output import as_text, show
from gapura_auth.cli.refusals import Refused
from gapura_auth.clients.administration import ClientAdministration
from gapura_auth.clients.kinds import KINDS, ClientKind
from gapura_auth.factory import new_id
from gapura_auth.oauth.client_documents import document_of
from gapura_auth.oauth.registration_policy import GRANTS_WITH_A_PERSON, RegistrationPolicy
from gapura_auth.oauth.vocabulary import IDENTITY_SCOPES, ClientAuthentication, GrantType
from gapura_auth.store.clients import StoredClient
from gapura_chassis.clock import system_clock

HOUR, DAY = 3600.0, 24 * 3600.0


@click.group()
def clients() -> None:
    """OAuth clients: applications that people log in to, and programs that act for themselves."""


@clients.command(
    epilog="\n\n".join(["Kinds:", *(f"{kind.value}: {defaults.description}." for kind, defaults in KINDS.items())])
)
@click.argument("kind", type=click.Choice([kind.value for kind in ClientKind]))
@click.argument("name")
@click.option("--id", "client_id", help="Its identifier; one is made up otherwise.")
@click.option("--redirect-uri", "redirect_uris", multiple=True, help="Where people are sent back to; may be repeated.")
@click.option("--post-logout-uri", "post_logout_uris", multiple=True, help="Where they go after a logout.")
@click.option("--scope", "scopes", multiple=True, help="A scope beyond those of its kind; may be repeated.")
@click.option(
    "--auth", type=click.Choice([method.value for method in ClientAuthentication]), help="How it proves itself."
)
@click.option("--jwks-uri", help="Where its public keys are, for private_key_jwt.")
@click.option("--first-party", is_flag=True, help="It is ours: people are not asked for consent.")
@click.option("--no-pkce", is_flag=True, help="Excuse it from PKCE; for certification only, and only with a secret.")
@click.option("--metadata", type=click.File("rb"), help="JSON file with more members (RFC 7591); - is standard input.")
@json_option
@with_installation
def create(
    installation: Installation, /, *, kind: str, client_id: str | None, as_json: bool, **options: object
) -> None:
    """Create a client of a KIND called NAME, and print what its developer needs."""
    document = _document(ClientKind(kind), _Wishes(**options))  # type: ignore[arg-type] # click knows the options
    client, secret = _administration(installation).create(document, client_id)
    if as_json:
        shown = {"client_id": client.id, "client_secret": secret, "issuer": installation.settings.issuer}
        click.echo(orjson.dumps(shown | document_of(client), option=orjson.OPT_INDENT_2).decode())
        return
    click.echo(instructions(ClientKind(kind), client, secret, installation.settings.issuer))


@clients.command("list")
@json_option
@with_installation
def list_all(installation: Installation, *, as_json: bool) -> None:
    """Show every client."""
    show([_row(stored) for stored in _administration(installation).list()], as_json=as_json)


@clients.command("show")
@click.argument("client_id")
@with_installation
def show_one(installation: Installation, client_id: str) -> None:
    """Show all that is registered of one client, as JSON; never a secret."""
    stored = _administration(installation).find(client_id)
    shown = {"client_id": client_id, "created_at": as_text(stored.created_at), **document_of(stored.client)}
    click.echo(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())


@clients.command("rotate-secret")
@click.argument("client_id")
@click.option("--overlap-hours", type=click.FloatRange(0, 24 * 90), default=24.0, show_default=True)
@with_installation
def rotate_secret(installation: Installation, client_id: str, overlap_hours: float) -> None:
    """Give a client a new secret; the one before stays valid for a while."""
    secret = _administration(installation).rotate_secret(client_id, overlap_hours * HOUR)
    click.echo(f"client_secret: {secret}")
    click.echo(f"It is not shown again. The secret before it is valid for {overlap_hours:g} more hours.", err=True)


@clients.command()
@click.argument("client_id")
@with_installation
def delete(installation: Installation, client_id: str) -> None:
    """Delete a client: everybody is logged out of it. Its identifier is never given to another one."""
    _administration(installation).delete(client_id)
    click.echo(f"The client {client_id} is deleted, and what it was granted has ended.")


@click.group("initial-token")
def initial_token() -> None:
    """Tokens for registration: who holds one may register clients by itself (RFC 7591)."""


@initial_token.command("create")
@click.option("--uses", type=click.IntRange(1, 100_000), default=1, show_default=True, help="How many clients.")
@click.option("--days", type=click.FloatRange(0, 3650, min_open=True), default=7.0, show_default=True)
@click.option("--scope", "scopes", multiple=True, help="A scope beyond those of everybody's identity; may be repeated.")
@click.option("--grant-type", "grants", multiple=True, type=click.Choice([grant.value for grant in GrantType]))
@click.option("--first-party", is_flag=True, help="Its clients may say that people need not be asked for consent.")
@click.option("--without-pkce", is_flag=True, help="Its clients do without PKCE unless they ask for it.")
@with_installation
def create_initial_token(installation: Installation, /, *, uses: int, days: float, **options: object) -> None:
    """Create a token, and print it: it is not shown again."""
    policy = _policy(_Allowances(**options))  # type: ignore[arg-type] # click knows the options
    click.echo(_administration(installation).create_initial_token(policy, uses, days * DAY))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    """The options of `clients create`, as click hands them over."""

    name: str
    redirect_uris: tuple[str, ...]
    post_logout_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    auth: str | None
    jwks_uri: str | None
    first_party: bool
    no_pkce: bool
    metadata: IO[bytes] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowances:
    """The options of `initial-token create`."""

    scopes: tuple[str, ...]
    grants: tuple[str, ...]
    first_party: bool
    without_pkce: bool


def _document(kind: ClientKind, wishes: _Wishes) -> dict[str, object]:
    defaults = KINDS[kind]
    document = defaults.document() | {
        "client_name": wishes.name,
        "scope": " ".join(dict.fromkeys((*defaults.scopes, *wishes.scopes))),
        "post_logout_redirect_uris": list(wishes.post_logout_uris),
        "jwks_uri": wishes.jwks_uri,
        "first_party": wishes.first_party,
        "require_pkce": not wishes.no_pkce,
    }
    if wishes.redirect_uris:
        document["redirect_uris"] = list(wishes.redirect_uris)
    if wishes.auth is not None:
        document["token_endpoint_auth_method"] = wishes.auth
    return document | _members(wishes.metadata)


def _members(file: IO[bytes] | None) -> dict[str, object]:
    if file is None:
        return {}
    try:
        members = orjson.loads(file.read())
    except orjson.JSONDecodeError as error:
        raise Refused(f"The metadata is not JSON: {error}.") from None
    if not isinstance(members, dict):
        raise Refused("The metadata is not a JSON object.")
    return members


def _policy(allowances: _Allowances) -> RegistrationPolicy:
    return RegistrationPolicy(
        scopes=IDENTITY_SCOPES | frozenset(allowances.scopes),
        grant_types=GRANTS_WITH_A_PERSON | {GrantType(grant) for grant in allowances.grants},
        first_party=allowances.first_party,
        without_pkce=allowances.without_pkce,
    )


def _administration(installation: Installation) -> ClientAdministration:
    return ClientAdministration(installation.database, system_clock, new_id, installation.actor)


def _row(stored: StoredClient) -> dict[str, object]:
    client = stored.client
    return {
        "id": client.id,
        "name": client.presentation.name,
        "authentication": client.authentication.value,
        "grant_types": sorted(grant.value.rpartition(":")[2] for grant in client.grant_types),
        "secrets": len(client.secrets),
        "registered_itself": stored.registration_digest is not None,
        "created_at": as_text(stored.created_at),
    }
