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
    # the login in a browser that it comes from, and what was granted in it; empty for the sessions of `/login`
    Column("browser_session_id", String(36), index=True),
    Column("granted", Text),
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

# a deleted client keeps its row: nobody else may ever come to own its identifier, and its tokens stay revoked
clients = Table(
    "clients",
    metadata,
    Column("id", String(255), primary_key=True),
    # the registration document (RFC 7591, section 2) as JSON
    Column("metadata", Text, nullable=False),
    # of the token that its developer manages it with (RFC 7592), and what such a registration may say
    Column("registration_digest", LargeBinary(32)),
    Column("policy", Text),
    Column("status_slot", Integer),
    Column("created_at", Double, nullable=False),
    Column("deleted_at", Double),
)

client_secrets = Table(
    "client_secrets",
    metadata,
    Column("client_id", String(255), ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double),
    PrimaryKeyConstraint("client_id", "digest"),
)

initial_access_tokens = Table(
    "initial_access_tokens",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("policy", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Column("uses_left", Integer, nullable=False),
)

# somebody who is logged in in a browser; the cookie holds what `digest` is of
browser_sessions = Table(
    "browser_sessions",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("authenticated_at", Double, nullable=False),
    Column("amr", String(255), nullable=False),
    Column("acr", String(255)),
    Column("last_seen_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Column("revoked_at", Double),
)

# authorization requests that were pushed (RFC 9126), or that wait for somebody to sign in
authorization_requests = Table(
    "authorization_requests",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("client_id", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("content", Text, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Column("consumed_at", Double),
)

authorization_codes = Table(
    "authorization_codes",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("client_id", String(255), nullable=False),
    # what was granted; a code that is used twice ends it
    Column("session_id", String(36), nullable=False),
    Column("content", Text, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Column("consumed_at", Double),
)

device_codes = Table(
    "device_codes",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("user_code", String(32), nullable=False, unique=True),
    Column("client_id", String(255), nullable=False),
    Column("content", Text, nullable=False),
    # set when somebody approved
    Column("session_id", String(36)),
    Column("denied_at", Double),
    Column("interval_seconds", Integer, nullable=False),
    Column("polled_at", Double),
    Column("expires_at", Double, nullable=False, index=True),
    Column("consumed_at", Double),
)

consents = Table(
    "consents",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", String(255), nullable=False),
    Column("scope", Text, nullable=False),
    Column("granted_at", Double, nullable=False),
    PrimaryKeyConstraint("account_id", "client_id"),
)

# every `jti` that may come only once: of assertions, request objects, proofs of possession
used_identifiers = Table(
    "used_identifiers",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("expires_at", Double, nullable=False, index=True),
)

# logout tokens on their way to clients (OpenID Connect Back-Channel Logout)
logout_outbox = Table(
    "logout_outbox",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("client_id", String(255), nullable=False),
    Column("address", Text, nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("session_id", String(36), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Double, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("delivered_at", Double),
    Column("given_up_at", Double),
)
Index(
    "logout_outbox_pending",
    logout_outbox.c.next_attempt_at,
    sqlite_where=text("delivered_at IS NULL AND given_up_at IS NULL"),
    postgresql_where=text("delivered_at IS NULL AND given_up_at IS NULL"),
)
