"""The kinds of text in a product: each has a limit, a form, and a sentence for whoever sends another form."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from gapura_products.currencies import CURRENCIES

# written as JSON Schema wants it (ECMA-262), so that one pattern is both checked and published
ONE_LINE = r"^[^\u0000-\u0020\u007f-\u00a0]([^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u0020\u007f-\u00a0])?$"
LINES = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
SKU = r"^[A-Za-z0-9][A-Za-z0-9._\-]*$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _matching(pattern: str, sentence: str) -> AfterValidator:
    compiled = re.compile(pattern.removeprefix("^").removesuffix("$"))

    def check(text: str) -> str:
        if compiled.fullmatch(text) is None:
            raise ValueError(sentence)
        return text

    return AfterValidator(check)


def _is_currency(text: str) -> str:
    if text not in CURRENCIES:
        message = "must be a currency code after ISO 4217, such as IDR"
        raise ValueError(message)
    return text


Name = Annotated[
    str,
    Field(min_length=1, max_length=160, json_schema_extra={"pattern": ONE_LINE}),
    _matching(ONE_LINE, "must be one line of text, with no space at its ends"),
]
Sku = Annotated[
    str,
    Field(min_length=1, max_length=64, json_schema_extra={"pattern": SKU}),
    _matching(SKU, "must be letters A-Z, digits, dots, hyphens and underscores, and begin with a letter or digit"),
]
Category = Annotated[
    str,
    Field(min_length=1, max_length=64, json_schema_extra={"pattern": SLUG}),
    _matching(SLUG, "must be lower-case words of letters a-z and digits, joined by hyphens"),
]
Currency = Annotated[
    str,
    Field(min_length=3, max_length=3, json_schema_extra={"enum": list(CURRENCIES)}),
    AfterValidator(_is_currency),
]
Description = Annotated[
    str,
    Field(max_length=4000, json_schema_extra={"pattern": LINES}),
    _matching(LINES, "must not contain control characters other than line breaks and tabs"),
]
