from gapura_auth.cli.doctor.findings import Finding, fine, wrong


def check_demo_accounts(*, there: bool, in_production: bool) -> Finding:
    """Judge accounts whose passwords are published."""
    if not there:
        return fine("No demo account can log in.")
    if in_production:
        advice = "Disable them: `gapura-auth users disable user1` (user2, admin)."
        return wrong("Demo accounts, whose passwords everybody knows, can log in.", advice)
    return fine("Demo accounts can log in; in production the service would refuse to start with them.")
