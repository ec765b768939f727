import re

from gapura_chassis.errors import MalformedRequest

LONGEST_KEY = 255

# the draft's form is a quoted string (RFC 9651, section 3.3.3); most clients in the field send the bare text
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"')
_BARE = re.compile(r"[A-Za-z0-9._~:/+=-]+")


def read_idempotency_key(header: str | None) -> str | None:
    """Return the key in an `Idempotency-Key` header; quoted and bare text are the same key.

    Raises:
        MalformedRequest: when the header is empty, longer than 255 characters, or of another form.

    """
    if header is None:
        return None
    text = header.strip(" \t")
    if len(text) <= LONGEST_KEY:
        if _BARE.fullmatch(text):
            return text
        if quoted := _QUOTED.fullmatch(text):
            return re.sub(r"\\(.)", r"\1", quoted[1])
    raise MalformedRequest(
        f'The Idempotency-Key must be a quoted string such as "8e03978e-40d5-43dd", at most {LONGEST_KEY} characters.'
    )
