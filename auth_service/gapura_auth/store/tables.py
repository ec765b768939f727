"""The tables. Times are seconds since the epoch; identifiers of people and sessions are UUIDs in text."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("username", String(64), nullable=False),
    Column("username_canonical", String(255), nullable=False, unique=True),
    Column("username_skeleton", Text, nullable=False, unique=True),
    Column("email", String(254)),
    Column("email_canonical", String(254)),
    Column("email_verified_at", Double),
    Column("password_hash", Text),
    Column("password_changed_at", Double, nullable=False),
    Column("registered_from", String(64), nullable=False),
    Column("is_demo", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("disabled_at", Double),
)
# an address belongs to whoever proved it; until then anybody may have typed it
Index(
    "accounts_verified_email",
    accounts.c.email_canonical,
    unique=True,
    sqlite_where=text("email_verified_at IS NOT NULL"),
    postgresql_where=text("email_verified_at IS NOT NULL"),
)

roles = Table(
    "roles",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("description", String(255), nullable=False),
)

role_scopes = Table(
    "role_scopes",
    metadata,
    Column("role", String(64), ForeignKey("roles.name", ondelete="CASCADE"), nullable=False),
    Column("scope", String(128), nullable=False),
    PrimaryKeyConstraint("role", "scope"),
)

account_roles = Table(
    "account_roles",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(64), ForeignKey("roles.name", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("account_id", "role"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("client_id", String(255), nullable=False),
    Column("address", String(64), nullable=False),
    Column("user_agent", String(255), nullable=False),
    Column("authenticated_at", Double, nullable=False),
    Column("last_seen_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Column("revoked_at", Double, index=True),
    Column("revoked_because", String(64)),
    Column("status_slot", Integer),
)

# bits of the status lists, lent to sessions; see revocation.slots
status_slots = Table(
    "status_slots",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String(36), nullable=False),
    Column("held_until", Double, nullable=False, index=True),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("session_id", String(36), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("issued_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Column("consumed_at", Double),
    # the successor, readable only with the token that this row is the digest of
    Column("successor_digest", LargeBinary(32)),
    Column("successor_sealed", LargeBinary),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", String(64), primary_key=True),
    Column("algorithm", String(16), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("public_jwk", Text, nullable=False),
    Column("sealed_private_jwk", LargeBinary, nullable=False),
    Column("published_at", Double, nullable=False),
    Column("signs_from", Double, nullable=False),
    Column("published_until", Double),
    Column("killed_at", Double),
)
# the successor of a key is made once, by whichever process comes first
Index("signing_keys_one_successor", signing_keys.c.algorithm, signing_keys.c.sequence, unique=True)

login_throttle = Table(
    "login_throttle",
    metadata,
    Column("bucket", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", Double, nullable=False),
    Column("touched_at", Double, nullable=False, index=True),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Double, nullable=False, index=True),
    Column("action", String(64), nullable=False),
    # who did it: an account, or a program such as the command line
    Column("actor", String(255), nullable=False),
    # whom or what it was done to
    Column("target", String(255), nullable=False, index=True),
    Column("address", String(64), nullable=False),
    Column("details", Text, nullable=False),
)
