"""Full-text search with what the database has: FTS5 in SQLite, `tsvector` with a GIN index in PostgreSQL.

Both are fed the same plain words, made here, from products and from queries alike. A word is letters and digits and
nothing else, so no text that a person types can be read as an operator of either query language.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import ColumnElement, FromClause, Integer, column, func, literal_column, table

from gapura_products.store.tables import products

#: PostgreSQL leaves longer words out of its index; their beginning is enough to find them.
LONGEST_WORD = 64

_WORD = re.compile(r"[^\W_]+")

_index = table("products_search", column("rowid", Integer))

# the plus keeps SQLite from walking the products and asking the index about each: seconds, at a million products
_ROWID: ColumnElement[int] = literal_column("+products_search.rowid")


class Reach(IntEnum):
    """Where the words are looked for. Relevance is the order of the first two: a name says what a product is."""

    NAME = 0
    ELSEWHERE = 1
    ANYWHERE = 2


@dataclass(frozen=True, slots=True)
class Matches:
    """Products that a search finds, as parts of a SELECT."""

    rows: FromClause
    #: number of the product, in the form in which the index can be walked along it
    id: ColumnElement[int]
    condition: ColumnElement[bool]
    #: whether the database may misjudge how many there are, and so choose a way to them that takes seconds
    misjudged: bool = False


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a text: without case, accents, compatibility forms and punctuation."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return tuple(word[:LONGEST_WORD] for word in _WORD.findall(plain))


def matches(dialect: str, words: Sequence[str], reach: Reach) -> Matches:
    """Return the products that hold all of the words, the last one also as the beginning of a longer word.

    Args:
        dialect: `sqlite` or `postgresql`.
        words: one or more, from `plain_words`.
        reach: in their name, anywhere but not all in the name, or anywhere.

    """
    if dialect == "sqlite":
        expression = _in_sqlite(words)[reach]
        condition = literal_column("products_search").op("MATCH", is_comparison=True)(expression)
        return Matches(_index.join(products, products.c.id == _ROWID), _index.c.rowid, condition)
    query = func.to_tsquery(literal_column("'simple'::regconfig"), _in_postgresql(words)[reach])
    condition = literal_column("products.search").op("@@", is_comparison=True)(query)
    return Matches(products, products.c.id, condition, misjudged=True)


def _in_sqlite(words: Sequence[str]) -> dict[Reach, str]:
    anywhere = " AND ".join(f'"{word}"' for word in words) + "*"
    name = f"{{name_words}} : ({anywhere})"
    return {Reach.NAME: name, Reach.ELSEWHERE: f"({anywhere}) NOT ({name})", Reach.ANYWHERE: anywhere}


def _in_postgresql(words: Sequence[str]) -> dict[Reach, str]:
    anywhere = " & ".join(f"'{word}'" for word in words) + ":*"
    name = " & ".join(f"'{word}':A" for word in words) + "*"
    return {Reach.NAME: name, Reach.ELSEWHERE: f"({anywhere}) & !({name})", Reach.ANYWHERE: anywhere}
