"""The catalogue, its search index, and the keys of requests that must not happen twice."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Every order of the listing, alone and within a category, is a walk along one of these. The price stands behind so that
# a price range which hardly any product is in is looked for in the index alone.
INDEXES = {
    "ix_products_name": ["name_words", "id", "price"],
    "ix_products_price": ["price", "id"],
    "ix_products_created_at": ["created_at", "id", "price"],
    "ix_products_category": ["category", "id", "price"],
    "ix_products_category_name": ["category", "name_words", "id", "price"],
    "ix_products_category_price": ["category", "price", "id"],
    "ix_products_category_created_at": ["category", "created_at", "id", "price"],
}

SQLITE_SEARCH = (
    """
    CREATE VIRTUAL TABLE products_search USING fts5(
        name_words, other_words, content='products', content_rowid='id', prefix='1 2 3',
        tokenize='unicode61 remove_diacritics 0')
    """,
    """
    CREATE TRIGGER products_search_insert AFTER INSERT ON products BEGIN
        INSERT INTO products_search (rowid, name_words, other_words) VALUES (new.id, new.name_words, new.other_words);
    END
    """,
    """
    CREATE TRIGGER products_search_delete AFTER DELETE ON products BEGIN
        INSERT INTO products_search (products_search, rowid, name_words, other_words)
        VALUES ('delete', old.id, old.name_words, old.other_words);
    END
    """,
    """
    CREATE TRIGGER products_search_update AFTER UPDATE OF id, name_words, other_words ON products BEGIN
        INSERT INTO products_search (products_search, rowid, name_words, other_words)
        VALUES ('delete', old.id, old.name_words, old.other_words);
        INSERT INTO products_search (rowid, name_words, other_words) VALUES (new.id, new.name_words, new.other_words);
    END
    """,
)

POSTGRESQL_SEARCH = (
    """
    ALTER TABLE products ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, name_words), 'A') ||
        setweight(to_tsvector('simple'::regconfig, other_words), 'B')) STORED
    """,
    "CREATE INDEX ix_products_search ON products USING gin (search)",
)


def upgrade() -> None:
    _create_products()
    for name, columns in INDEXES.items():
        op.create_index(name, "products", columns)
    for statement in SQLITE_SEARCH if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_SEARCH:
        op.execute(statement)
    _create_idempotency_keys()


def _create_products() -> None:
    # byte order, the same on both databases whatever the server's locale is: cursors depend on it
    words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "products",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sku", sa.Text, nullable=False, unique=True),
        sa.Column("price", sa.BigInteger, sa.CheckConstraint("price >= 0"), nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("stock", sa.BigInteger, sa.CheckConstraint("stock >= 0"), nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("name_words", words, nullable=False),
        sa.Column("other_words", words, nullable=False),
        sqlite_autoincrement=True,  # the number of a product that was removed is never given to another
    )


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
