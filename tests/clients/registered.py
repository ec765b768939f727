"""Clients, created on the command line as an operator does it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.running.system import RunningSystem

PROGRAM = Path(sys.executable).parent / "gapura-auth"

#: Nothing listens there: people are stopped on the way.
CALLBACK = "http://127.0.0.1/callback"
GOODBYE = "http://127.0.0.1/goodbye"


@dataclass(frozen=True)
class RegisteredClient:
    """What the developer of a client is told."""

    issuer: str
    id: str
    secret: str | None

    @property
    def discovery(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"


@dataclass(frozen=True)
class Operator:
    """Somebody with the command line of a running system."""

    system: RunningSystem

    def create(self, kind: str, *options: str, **members: object) -> RegisteredClient:
        """Create a client; `members` are those of a registration document that no option gives."""
        created = self._create(kind, options, members)
        assert created["issuer"] == self.system.auth.address
        return RegisteredClient(created["issuer"], created["client_id"], created["client_secret"])

    def create_for_people(self, kind: str, *options: str, **members: object) -> RegisteredClient:
        """Create a client that people log in to."""
        ways_back = ("--redirect-uri", CALLBACK, "--post-logout-uri", GOODBYE)
        return self.create(kind, *ways_back, *options, **members)

    def _create(self, kind: str, options: tuple[str, ...], members: Mapping[str, object]) -> dict[str, str]:
        done = subprocess.run(
            [PROGRAM, "clients", "create", kind, f"A {kind}", *options, "--metadata", "-", "--json"],
            env=self.system.environment,
            input=json.dumps(members),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
