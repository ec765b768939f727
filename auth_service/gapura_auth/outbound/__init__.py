"""Requests to addresses that clients give us, under the rules of `oauth.outbound`: the one guard against SSRF."""

from gapura_auth.outbound.guarded import GuardedOutbound, OutboundLimits
from gapura_auth.outbound.resolving import resolve

__all__ = ["GuardedOutbound", "OutboundLimits", "resolve"]
