"""The whole examination: each check is asked as soon as what it needs is known to be there."""

from collections.abc import Iterator, Mapping, Sequence

from gapura_auth.cli.doctor.clock import check_clock
from gapura_auth.cli.doctor.configuration import check_configuration
from gapura_auth.cli.doctor.database import check_database
from gapura_auth.cli.doctor.demo_accounts import check_demo_accounts
from gapura_auth.cli.doctor.findings import Finding, wrong
from gapura_auth.cli.doctor.keys import check_master_key, check_signing_key
from gapura_auth.cli.doctor.peers import Ask, check_peer, peers_of
from gapura_auth.factory import database_of
from gapura_auth.keys.master_key import master_key_from
from gapura_auth.settings import AuthSettings
from gapura_auth.store.accounts import has_demo_accounts
from gapura_auth.store.server_clock import server_time
from gapura_auth.store.signing_keys import list_keys
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database
from gapura_chassis.settings import ConfigurationError


def examine(environ: Mapping[str, str], ask: Ask, clock: Clock) -> Iterator[Finding]:
    """Look at everything; each finding is yielded as soon as it is made."""
    settings, findings = check_configuration(environ)
    yield from findings
    if settings is None:
        return
    try:
        yield from _examine_database(settings, clock)
    except ConfigurationError as error:
        yield wrong(str(error), "The service does not start with it.")
    for peer in peers_of(settings):
        yield from check_peer(peer, ask, clock)


def _examine_database(settings: AuthSettings, clock: Clock) -> Iterator[Finding]:
    database = database_of(settings)
    try:
        findings = check_database(database)
        yield from findings
        if all(finding.ok for finding in findings):
            yield from _examine_content(settings, database, clock)
    finally:
        database.close()


def _examine_content(settings: AuthSettings, database: Database, clock: Clock) -> Iterator[Finding]:
    yield from _compare_clocks(database, clock)
    with database.read() as connection:
        keys, demo = list_keys(connection), has_demo_accounts(connection)
    if settings.jwt_secret_key is None:
        yield check_master_key(keys, master_key_from(settings))
        yield from (check_signing_key(keys, algorithm, clock()) for algorithm in settings.signing_algorithms)
    yield check_demo_accounts(there=demo, in_production=settings.in_production)


def _compare_clocks(database: Database, clock: Clock) -> Sequence[Finding]:
    if database.dialect == "sqlite":
        return []  # it has no clock but this machine's
    begun = clock()
    with database.read() as connection:
        theirs = server_time(connection)
    ended = clock()
    return [check_clock("the database server", theirs, (begun + ended) / 2, precision=(ended - begun) / 2)]
