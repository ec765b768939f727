"""The two languages of the success messages: Indonesian by default, English where `Accept-Language` asks for it."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from flask import request
from werkzeug.datastructures import LanguageAccept

Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One message in both languages; `{name}` places are filled in by `say`."""

    id: str
    en: str

    def say(self, language: Language, **values: str) -> str:
        """Return the sentence in one language."""
        return (self.en if language == "en" else self.id).format(**values)


def preferred_language(accepted: LanguageAccept) -> Language:
    """Return English only where the caller prefers it to Indonesian (RFC 9110, section 12.5.4)."""
    others = _quality(accepted, {"*"}) or 0.0
    english, indonesian = _quality(accepted, {"en"}), _quality(accepted, {"id", "in"})
    return "en" if _or(english, others) > _or(indonesian, others) else "id"


def _quality(accepted: LanguageAccept, languages: Container[str]) -> float | None:
    return max((quality for tag, quality in accepted if tag.lower().split("-")[0] in languages), default=None)


def _or(quality: float | None, others: float) -> float:
    return others if quality is None else quality


def say(sentence: Sentence, **values: str) -> str:
    """Return the sentence in the language of the current request."""
    return sentence.say(preferred_language(request.accept_languages), **values)
