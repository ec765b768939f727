"""The forms of the pages, and whether one that comes back is what it says."""

from dataclasses import dataclass

from flask import Request

from gapura_auth.browser.form_tokens import form_token, is_form_token
from gapura_auth.browser.visitor import Visitor
from gapura_chassis.api.models import is_storable
from gapura_chassis.language import Language

SIGN_IN_FORM = "sign in"
LONGEST_FIELD = 4_096


@dataclass(frozen=True, slots=True)
class Form:
    """The hidden fields of a form."""

    interaction: str
    token: str
    language: Language


def sign_in_form(visitor: Visitor, interaction: str, language: Language) -> Form:
    """Return the fields of a form that works whoever is signed in meanwhile, in this or another tab."""
    return Form(interaction, form_token(visitor.browser, SIGN_IN_FORM, interaction), language)


def personal_form(visitor: Visitor, interaction: str, language: Language, *shown: str) -> Form:
    """Return the fields of a form in which the person who is signed in agrees to exactly what was shown."""
    return Form(interaction, form_token(visitor.browser, visitor.login_id, interaction, *shown), language)


def is_sign_in_form(request: Request, visitor: Visitor) -> bool:
    """Whether a sign-in form was made for this browser."""
    return is_form_token(field(request, "form_token"), visitor.browser, SIGN_IN_FORM, field(request, "interaction"))


def is_personal_form(request: Request, visitor: Visitor, *shown: str) -> bool:
    """Whether a form was made for this browser and whoever is signed in there now, and showed this."""
    purpose = (visitor.login_id, field(request, "interaction"), *shown)
    return is_form_token(field(request, "form_token"), visitor.browser, *purpose)


def field(request: Request, name: str) -> str:
    """Return a field of a form; empty where it is missing, endless, or holds what no database keeps."""
    text = request.form.get(name, "")
    return text if len(text) <= LONGEST_FIELD and is_storable(text) else ""
