import pkgutil
from functools import cache


def is_common(word: str) -> bool:
    """Tell whether a case-folded word is among some 30,000 passwords that are guessed first."""
    return word in _common_passwords()


@cache
def _common_passwords() -> frozenset[str]:
    """Join zxcvbn's frequency list with what people in Indonesia choose, of which it knows hardly any."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - 50 ms at the start of every process

    indonesian = pkgutil.get_data(__package__, "common_passwords_id.txt") or b""
    return frozenset(FREQUENCY_LISTS["passwords"]) | frozenset(indonesian.decode().split())
