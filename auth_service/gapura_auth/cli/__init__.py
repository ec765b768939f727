"""The operator's command line, `gapura-auth`: accounts, roles, keys, the database, and what is wrong with any of it.

Commands read the same environment as the service and call the same rooms: `accounts` for people, `keys` for keys.
Whatever goes wrong ends in a sentence on standard error and an exit status: 1 when it was refused, 2 when it was asked
for wrongly. Passwords are typed without echo or come through standard input; they are never arguments, which every
user of the machine can read.
"""

import click

from gapura_auth.cli.audit import audit
from gapura_auth.cli.clients import clients, initial_token
from gapura_auth.cli.database import migrate
from gapura_auth.cli.doctor import doctor
from gapura_auth.cli.keys import keys
from gapura_auth.cli.master_key import master_key
from gapura_auth.cli.refusals import RefusingGroup
from gapura_auth.cli.roles import roles
from gapura_auth.cli.users import users


@click.group(cls=RefusingGroup)
def main() -> None:
    """Operate the auth service. Settings are read from the environment, as the service reads them."""


for command in (users, roles, clients, initial_token, keys, audit, migrate, doctor, master_key):
    main.add_command(command)
