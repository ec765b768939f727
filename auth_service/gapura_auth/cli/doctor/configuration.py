from collections.abc import Mapping, Sequence

from gapura_auth.cli.doctor.findings import Finding, fine, wrong
from gapura_auth.settings import AuthSettings
from gapura_chassis.settings import ConfigurationError


def check_configuration(environ: Mapping[str, str]) -> tuple[AuthSettings | None, Sequence[Finding]]:
    """Read the settings as the service does, the rules of production included; None when it would not start."""
    try:
        settings = AuthSettings.from_environment(environ)
    except ConfigurationError as error:
        advice = "The service does not start with it; docs and README list every setting."
        # the first of several lines is their heading
        lines = str(error).splitlines()
        return None, [wrong(line, advice) for line in (lines[1:] or lines)]
    return settings, [
        fine(f"The configuration is usable ({settings.environment}, issuer {settings.issuer})."),
        *_mode(settings),
    ]


def _mode(settings: AuthSettings) -> Sequence[Finding]:
    if settings.jwt_secret_key is None:
        return []
    return [fine("JWT_SECRET_KEY is set: every service that holds it can make tokens for every other.")]
