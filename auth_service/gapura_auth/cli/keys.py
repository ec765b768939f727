"""`gapura-auth keys`: the keys that sign tokens. They rotate by themselves; this is for looking and for emergencies."""

import click

from gapura_auth.cli.installation import Installation, with_installation
from gapura_auth.cli.output import as_json as json_option
from gapura_auth.cli.output import as_text, show
from gapura_auth.keys.rotation import UnknownKey
from gapura_auth.keys.schedule import KeyState, state_of
from gapura_auth.store.signing_keys import StoredKey, list_keys
from gapura_chassis.clock import system_clock

CONSEQUENCES = {
    KeyState.PENDING: "It has signed nothing yet, so nobody notices.",
    KeyState.SIGNING: (
        "Every access token that it has signed stops working: here at once, and at each service as soon as that has "
        "fetched the keys again, which takes a minute at most. Clients get new tokens with their refresh tokens; "
        "nobody has to log in again. Another key takes over at once."
    ),
    KeyState.RETIRED: (
        "It signs no more; the access tokens that it signed before stop working within a minute, and clients get new "
        "ones with their refresh tokens."
    ),
    KeyState.WITHDRAWN: "It is withdrawn already, so nobody notices.",
}


@click.group()
def keys() -> None:
    """Signing keys; they rotate by themselves."""


@keys.command("list")
@json_option
@with_installation
def list_all(installation: Installation, *, as_json: bool) -> None:
    """Show every key and where it is in its life."""
    now = system_clock()
    stored = _stored(installation)
    rows = [
        {
            "kid": key.kid,
            "algorithm": key.algorithm,
            "state": state_of(key, stored, now).value,
            "published_at": as_text(key.published_at),
            "signs_from": as_text(key.signs_from),
            "published_until": as_text(key.published_until),
        }
        for key in stored
    ]
    show(rows, as_json=as_json)


@keys.command()
@with_installation
def rotate(installation: Installation) -> None:
    """Publish the next key now; it signs as soon as every service knows it."""
    before = {key.kid for key in _stored(installation)}
    installation.key_rotation.rotate_now(installation.actor)
    for key in _stored(installation):
        if key.kid not in before:
            click.echo(f"The key {key.kid} ({key.algorithm}) is published, and signs from {as_text(key.signs_from)}.")


@keys.command(context_settings={"ignore_unknown_options": True})  # one name in 64 begins with a hyphen
@click.argument("kid")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_installation
def kill(installation: Installation, kid: str, *, yes: bool) -> None:
    """Withdraw a key at once, because somebody else may have it."""
    rotation = installation.key_rotation
    stored = _stored(installation)
    state = next((state_of(key, stored, system_clock()) for key in stored if key.kid == kid), KeyState.KILLED)
    if state is KeyState.KILLED:
        raise UnknownKey(kid)
    click.echo(f"The key {kid} is {state}. {CONSEQUENCES[state]} This cannot be undone.")
    if not yes:
        click.confirm("Kill it?", abort=True)
    rotation.kill(kid, installation.actor)
    click.echo(f"The key {kid} was killed.")


def _stored(installation: Installation) -> list[StoredKey]:
    with installation.database.read() as connection:
        return list(list_keys(connection))
