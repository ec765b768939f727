"""`gapura-auth master-key`: a new key for GAPURA_MASTER_KEY."""

import click

from gapura_auth.credentials import MasterKey


@click.command("master-key")
def master_key() -> None:
    """Print a new master key; keep it where you keep secrets, and give it to every replica as GAPURA_MASTER_KEY."""
    click.echo(MasterKey.generate().text())
