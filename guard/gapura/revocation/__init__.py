"""Instant revocation without a call per request: one bit per session, in lists that the issuer signs and publishes.

The format is the IETF's Token Status List (draft-ietf-oauth-status-list). A token names its bit:
`"status": {"status_list": {"uri": "https://issuer/status-lists/7", "idx": 4711}}`.

* The publisher: `encode_status_list`, `status_list_claims`; it signs the claims with typ `STATUS_LIST_TYP`, serves
  them as `STATUS_LIST_MEDIA_TYPE` with an ETag, and answers 304 while nothing has changed.
* The reader: `RevocationLists` follows the lists that verified tokens name, about once a second, in the background.
"""

from gapura.revocation.client import RevocationLists
from gapura.revocation.reference import StatusReference, read_reference
from gapura.revocation.schedule import PollSchedule
from gapura.revocation.status import RevocationStatus
from gapura.revocation.status_list import (
    STATUS_LIST_MEDIA_TYPE,
    STATUS_LIST_TYP,
    StatusList,
    decode_status_list,
    encode_status_list,
    status_list_claims,
)

__all__ = [
    "STATUS_LIST_MEDIA_TYPE",
    "STATUS_LIST_TYP",
    "PollSchedule",
    "RevocationLists",
    "RevocationStatus",
    "StatusList",
    "StatusReference",
    "decode_status_list",
    "encode_status_list",
    "read_reference",
    "status_list_claims",
]
