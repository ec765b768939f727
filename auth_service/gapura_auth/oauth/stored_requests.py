"""Authorization requests that wait: pushed by a client, or until a person has signed in or agreed."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

import orjson

from gapura_auth.oauth.authorization import NO_PROGRESS, Progress
from gapura_auth.oauth.authorization_request import FRONT_CHANNEL, Provenance
from gapura_auth.oauth.parameters import Parameters
from gapura_chassis.clock import Timestamp


class RequestKind(StrEnum):
    """What a stored request waits for."""

    PUSHED = "pushed"
    INTERACTION = "interaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRequest:
    """A request whose parameters were read and found good, as it is kept: parameters and how far it has come."""

    parameters: Parameters
    provenance: Provenance = FRONT_CHANNEL
    #: digest of the `request_uri` that it came by, to be used up when it is answered
    pushed: bytes | None = None
    #: digest of the cookie of the browser that it belongs to; empty for a pushed one
    browser: bytes = b""
    progress: Progress = NO_PROGRESS

    def after(self, progress: Progress) -> "WaitingRequest":
        """Return the request, so much further."""
        return replace(self, progress=progress)

    def to_json(self) -> str:
        """Return the text that `from_json` reads."""
        progress = self.progress
        content = {
            "parameters": {name: list(values) for name, values in self.parameters.values.items()},
            "provenance": {"pushed": self.provenance.pushed, "signed": self.provenance.signed},
            "pushed": self.pushed.hex() if self.pushed is not None else None,
            "browser": self.browser.hex(),
            "progress": {
                "signed_in": progress.signed_in,
                "chosen": progress.chosen,
                "consented": progress.consented,
            },
        }
        return orjson.dumps(content).decode()

    @classmethod
    def from_json(cls, text: str) -> "WaitingRequest":
        """Read what `to_json` wrote."""
        content: dict[str, Any] = orjson.loads(text)
        return cls(
            parameters=Parameters({name: tuple(values) for name, values in content["parameters"].items()}),
            provenance=Provenance(**content["provenance"]),
            pushed=bytes.fromhex(content["pushed"]) if content["pushed"] is not None else None,
            browser=bytes.fromhex(content["browser"]),
            progress=Progress(**content["progress"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRequest:
    """A row: what is kept under the digest of an opaque identifier."""

    digest: bytes
    kind: RequestKind
    client_id: str
    request: WaitingRequest
    expires_at: Timestamp


class AuthorizationRequestStore(Protocol):
    """The requests that wait; each method is one transaction."""

    def add(self, request: StoredRequest) -> None:
        """Keep a new request."""

    def find(self, kind: RequestKind, digest: bytes, now: Timestamp) -> StoredRequest | None:
        """Return a request that has neither expired nor been answered."""

    def replace(self, digest: bytes, request: WaitingRequest, now: Timestamp) -> bool:
        """Keep how far a request has come; False when it was answered meanwhile."""
