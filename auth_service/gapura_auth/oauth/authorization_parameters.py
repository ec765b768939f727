"""How each parameter of an authorization request is read: what it may be, and what is said when it is not."""

import re
from collections.abc import Collection
from enum import StrEnum
from urllib.parse import urlsplit

from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidRequest, InvalidScope, InvalidTarget
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.scopes import allowed_to_client, parse_scope
from gapura_auth.oauth.vocabulary import S256, Prompt

LONGEST_TEXT = 1_024
LONGEST_RESOURCE = 2_048
MOST_WORDS = 20

_SHA256_IN_BASE64URL = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)


class Display(StrEnum):
    """How the client would like the pages to be shown."""

    PAGE = "page"
    POPUP = "popup"
    TOUCH = "touch"
    WAP = "wap"


def read_scopes(parameters: Parameters, client: Client) -> tuple[str, ...]:
    """Return the scopes; all of the client's where none is named, as RFC 6749, section 3.3 lets a server decide."""
    asked = parse_scope(parameters.get("scope")) or tuple(sorted(client.scopes))
    allowed = allowed_to_client(asked, client.scopes)
    if asked and not allowed:
        raise InvalidScope("The client may have none of the scopes that it asked for.")
    return tuple(scope for scope in asked if scope in allowed)


def read_code_challenge(parameters: Parameters, client: Client) -> str | None:
    """RFC 7636, section 4.3; `plain`, which is also what a missing method means, protects nobody."""
    challenge, method = parameters.get("code_challenge"), parameters.get("code_challenge_method")
    if challenge is None and method is None and not client.is_public and not client.rules.pkce_required:
        return None
    if challenge is None:
        raise InvalidRequest("The parameter code_challenge is missing.")
    if method != S256:
        raise InvalidRequest("The only code_challenge_method is S256.")
    return _thumbprint(challenge, "code_challenge")


def read_dpop_jkt(parameters: Parameters) -> str | None:
    """Return the thumbprint of the DPoP key that the code is bound to (RFC 9449, section 10)."""
    text = parameters.get("dpop_jkt")
    return None if text is None else _thumbprint(text, "dpop_jkt")


def _thumbprint(text: str, name: str) -> str:
    if not _SHA256_IN_BASE64URL.fullmatch(text):
        raise InvalidRequest(f"The {name} is not a SHA-256 digest in base64url.")
    return text


def read_prompts(parameters: Parameters) -> frozenset[Prompt]:
    """Return what the person is to be asked (OpenID Connect Core, section 3.1.2.1)."""
    words = parameters.words("prompt")
    if not set(Prompt).issuperset(words):
        raise InvalidRequest("The prompt is not one of none, login, consent and select_account.")
    if Prompt.NONE in words and len(words) > 1:
        raise InvalidRequest("The prompt none cannot stand beside another.")
    return frozenset(Prompt(word) for word in words)


def read_max_age(parameters: Parameters, client: Client) -> int | None:
    """Return how long ago the person may have signed in, in seconds."""
    text = parameters.get("max_age")
    if text is None:
        return client.default_max_age
    if not _SECONDS.fullmatch(text):
        raise InvalidRequest("The max_age is not a number of seconds.")
    return int(text)


def read_display(parameters: Parameters) -> Display:
    """Return the wish; one that is not known is none."""
    text = parameters.get("display")
    return Display(text) if text in set(Display) else Display.PAGE


def read_resources(parameters: Parameters, allowed: Collection[str]) -> tuple[str, ...]:
    """RFC 8707, section 2: absolute URIs without fragment, of which the client may ask for some or all."""
    resources = tuple(dict.fromkeys(parameters.all("resource")))
    if not all(_is_resource(resource) for resource in resources):
        raise InvalidTarget("A resource is not an absolute URI without fragment.")
    if allowed and not set(allowed).issuperset(resources):
        raise InvalidTarget("The client may not ask for this resource.")
    return resources


def _is_resource(text: str) -> bool:
    if len(text) > LONGEST_RESOURCE or not text.isascii() or not text.isprintable() or set(text) & set(' #"<>\\'):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path))


def read_short(parameters: Parameters, name: str) -> str | None:
    """Return a text that has no reason to be long."""
    text = parameters.get(name)
    if text is not None and len(text) > LONGEST_TEXT:
        raise InvalidRequest(f"The {name} is too long.")
    return text


def read_few_words(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Return the first words of a list that a client orders by preference."""
    read_short(parameters, name)
    return parameters.words(name)[:MOST_WORDS]
