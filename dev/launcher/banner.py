from dev.launcher.service import System

_LOGIN = r"""TOKEN=$(curl -s -X POST {address}/login -H 'Content-Type: application/json' \
  -d '{{"username": "user1", "password": "pass123"}}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')"""
_CALL = """curl -s {address} -H "Authorization: Bearer $TOKEN\""""


def banner(system: System, seconds: float) -> str:
    """Return what is shown once everything is ready: addresses, demo logins, and commands to paste.

    Args:
        system: the services.
        seconds: how long the start took.

    """
    return "\n".join(
        [
            "",
            f"Gapura is ready ({seconds:.1f} s).",
            "",
            *(f"  {service.name:<8}  {service.address}   API: {service.address}/docs" for service in system),
            "",
            "  Demo logins: user1 / pass123, admin / admin123",
            "",
            "Try it in another terminal:",
            "",
            *commands(system),
            "",
            "Ctrl-C stops everything.",
        ]
    )


def commands(system: System) -> list[str]:
    """Return three shell commands: log in, list the users, list the products. They need only curl and sed."""
    return [
        _LOGIN.format(address=system.auth.address),
        _CALL.format(address=f"{system.users.address}/users"),
        _CALL.format(address=f"{system.products.address}/products"),
    ]
