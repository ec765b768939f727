"""`gapura-auth audit`: who did what."""

import click

from gapura_auth.cli.installation import Installation, with_installation
from gapura_auth.cli.output import as_json as json_option
from gapura_auth.cli.output import as_text, show
from gapura_auth.store.audit import latest_events


@click.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many events.")
@json_option
@with_installation
def audit(installation: Installation, limit: int, *, as_json: bool) -> None:
    """Show the latest events of the audit log, the newest first."""
    with installation.database.read() as connection:
        events = latest_events(connection, limit)
    rows = [
        {
            "at": as_text(event.at),
            "action": event.action.value,
            "actor": event.actor,
            "target": event.target,
            "address": event.address,
            "details": dict(event.details),
        }
        for event in events
    ]
    show(rows, as_json=as_json)
