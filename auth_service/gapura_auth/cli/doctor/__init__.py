"""`gapura-auth doctor`: says in sentences what is wrong with this installation, and what is fine.

Each module is one thing to look at, as functions from what was read to findings; `examination` asks them in order.
"""

import os

import click

from gapura_auth.cli.doctor.examination import examine
from gapura_auth.cli.doctor.findings import Finding
from gapura_auth.cli.doctor.peers import ask_over_http
from gapura_chassis.clock import system_clock


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Say what is wrong with the configuration, the database, the keys, the clock and the peers."""
    problems = 0
    for finding in examine(os.environ, ask_over_http, system_clock):
        _show(finding)
        problems += not finding.ok
    click.echo(_summary(problems))
    context.exit(1 if problems else 0)


def _show(finding: Finding) -> None:
    click.echo(f"{'fine ' if finding.ok else 'WRONG'}  {finding.sentence}")
    if finding.advice:
        click.echo(f"       → {finding.advice}")


def _summary(problems: int) -> str:
    if problems == 0:
        return "All is well."
    return "One thing is wrong." if problems == 1 else f"{problems} things are wrong."
