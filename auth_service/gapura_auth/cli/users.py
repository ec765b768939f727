"""`gapura-auth users`: who can log in."""

import click

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.registration import Application
from gapura_auth.cli.installation import Installation, with_installation
from gapura_auth.cli.output import as_json as json_option
from gapura_auth.cli.output import as_text, show
from gapura_auth.cli.passwords import from_stdin, read_password
from gapura_auth.store.roles import UnknownRole


@click.group()
def users() -> None:
    """Accounts: who can log in."""


@users.command()
@click.argument("username")
@click.option("--email", help="Where to reach them; it is noted, not verified.")
@click.option("--role", "roles", multiple=True, help="A role beyond the one that everybody has; may be repeated.")
@from_stdin
@with_installation
def create(
    installation: Installation, username: str, email: str | None, roles: tuple[str, ...], *, password_stdin: bool
) -> None:
    """Create an account that can log in at once."""
    known = {role.name for role in installation.administration.roles()}
    for role in roles:
        if role not in known:
            raise UnknownRole(role)
    application = Application(username, read_password(password_stdin=password_stdin), email)
    account = installation.registration.register(application, address="", actor=installation.actor)
    for role in roles:
        installation.administration.grant(account.username, role)
    click.echo(f"The account {account.username} was created ({account.id}).")


@users.command("list")
@json_option
@with_installation
def list_users(installation: Installation, *, as_json: bool) -> None:
    """Show every account with its roles."""
    rows = [_row(account, roles) for account, roles in installation.administration.list()]
    show(rows, as_json=as_json)


@users.command()
@click.argument("username")
@with_installation
def disable(installation: Installation, username: str) -> None:
    """Keep somebody out: their sessions end at once."""
    changed = installation.administration.disable(username)
    click.echo(f"{username} is disabled and logged out." if changed else f"{username} was disabled already.")


@users.command()
@click.argument("username")
@with_installation
def enable(installation: Installation, username: str) -> None:
    """Let somebody in again who was disabled."""
    changed = installation.administration.enable(username)
    click.echo(f"{username} can log in again." if changed else f"{username} was not disabled.")


@users.command("set-password")
@click.argument("username")
@from_stdin
@with_installation
def set_password(installation: Installation, username: str, *, password_stdin: bool) -> None:
    """Set another password; every session of the account ends."""
    account = installation.administration.find(username)
    new = read_password(password_stdin=password_stdin)
    installation.password_change.by_operator(account, new, installation.actor)
    click.echo(f"The password of {account.username} was changed, and their sessions have been ended.")


@users.command()
@click.argument("username")
@click.argument("role")
@with_installation
def grant(installation: Installation, username: str, role: str) -> None:
    """Give somebody a role; their next token allows what it allows."""
    changed = installation.administration.grant(username, role)
    click.echo(f"{username} now has the role {role}." if changed else f"{username} had the role {role} already.")


@users.command("revoke-role")
@click.argument("username")
@click.argument("role")
@with_installation
def revoke_role(installation: Installation, username: str, role: str) -> None:
    """Take a role from somebody; tokens that they hold allow it until they expire."""
    changed = installation.administration.withdraw(username, role)
    click.echo(f"{username} no longer has the role {role}." if changed else f"{username} did not have the role {role}.")


def _row(account: Account, roles: tuple[str, ...]) -> dict[str, object]:
    return {
        "username": account.username,
        "id": account.id,
        "email": account.email,
        "roles": list(roles),
        "state": "enabled" if account.is_enabled else "disabled",
        "demo": account.is_demo,
        "created_at": as_text(account.created_at),
    }
