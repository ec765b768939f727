"""`gapura-auth roles`: what accounts may do, as sets of scopes."""

import click

from gapura_auth.accounts.role import Role
from gapura_auth.cli.installation import Installation, with_installation
from gapura_auth.cli.output import as_json as json_option
from gapura_auth.cli.output import show


@click.group()
def roles() -> None:
    """Roles: named sets of scopes."""


@roles.command("list")
@json_option
@with_installation
def list_roles(installation: Installation, *, as_json: bool) -> None:
    """Show every role with its scopes."""
    rows = [
        {"name": role.name, "scopes": list(role.scopes), "description": role.description}
        for role in installation.administration.roles()
    ]
    show(rows, as_json=as_json)


@roles.command()
@click.argument("name")
@click.argument("scopes", nargs=-1)
@click.option("--description", default="", help="What the role is for.")
@with_installation
def define(installation: Installation, name: str, scopes: tuple[str, ...], description: str) -> None:
    """Create the role NAME with these SCOPES, or give an existing one these and no others."""
    role = Role(name, description, tuple(sorted(set(scopes))))
    installation.administration.define_role(role)
    click.echo(f"The role {name} allows: {' '.join(role.scopes) or 'nothing'}.")
