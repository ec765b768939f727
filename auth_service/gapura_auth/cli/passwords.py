"""How a command comes to a password: typed twice without echo, or one line of standard input."""

import sys

import click

from gapura_auth.cli.refusals import Refused

LONGEST = 4096

from_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")


def read_password(*, password_stdin: bool) -> str:
    """Return the new password.

    Raises:
        Refused: when there is nothing on standard input.

    """
    if not password_stdin:
        typed: str = click.prompt("New password", hide_input=True, confirmation_prompt="The same again")
        return typed
    line = sys.stdin.readline(LONGEST + 1).removesuffix("\n")
    if not line:
        raise Refused("There was no password on standard input.")
    return line
