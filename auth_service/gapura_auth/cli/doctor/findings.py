"""What the doctor finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    ok: bool
    sentence: str
    #: what to do about it
    advice: str = ""


def fine(sentence: str) -> Finding:
    """Find that something is as it should be."""
    return Finding(ok=True, sentence=sentence)


def wrong(sentence: str, advice: str) -> Finding:
    """Find that something is not as it should be."""
    return Finding(ok=False, sentence=sentence, advice=advice)
