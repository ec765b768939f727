"""The two languages of the success messages: Indonesian by default, English where `Accept-Language` asks for it."""

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
    english = max((quality for tag, quality in accepted if tag.lower().split("-")[0] == "en"), default=0)
    indonesian = max((quality for tag, quality in accepted if tag.lower().split("-")[0] in {"id", "in"}), default=0)
    return "en" if english > indonesian else "id"


def say(sentence: Sentence, **values: str) -> str:
    """Return the sentence in the language of the current request."""
    return sentence.say(preferred_language(request.accept_languages), **values)
