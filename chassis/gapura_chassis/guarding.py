"""The guard of our own services, made from their settings."""

from gapura import Guard, GuardSettings, Verifier
from gapura_chassis.clock import Clock
from gapura_chassis.settings import ServiceSettings


def guard_from(settings: ServiceSettings, service: str, clock: Clock) -> Guard:
    """Return the guard of a service that asks the auth service for its keys.

    The last keys are kept in the home folder, so that a service can start while the auth service is away.
    """
    secret = settings.jwt_secret_key
    guard_settings = GuardSettings(
        issuer=settings.issuer,
        audience=settings.audience,
        keys_file=settings.home / f"{service}.keys.json",
        shared_secret=secret.get_secret_value() if secret is not None else None,
    )
    return Guard(verifier=Verifier([guard_settings.trusted()], clock=clock), clock=clock, realm=settings.audience)
