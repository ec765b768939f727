"""The first tables: people, roles, sessions, refresh tokens, signing keys, the login throttle and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_people()
    create_sessions()
    create_keys()
    create_records()


def create_people() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("username_canonical", sa.String(255), nullable=False, unique=True),
        sa.Column("username_skeleton", sa.Text, nullable=False, unique=True),
        sa.Column("email", sa.String(254)),
        sa.Column("email_canonical", sa.String(254)),
        sa.Column("email_verified_at", sa.Double),
        sa.Column("password_hash", sa.Text),
        sa.Column("password_changed_at", sa.Double, nullable=False),
        sa.Column("registered_from", sa.String(64), nullable=False),
        sa.Column("is_demo", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("disabled_at", sa.Double),
    )
    verified = sa.text("email_verified_at IS NOT NULL")
    op.create_index(
        "accounts_verified_email",
        "accounts",
        ["email_canonical"],
        unique=True,
        sqlite_where=verified,
        postgresql_where=verified,
    )
    op.create_table(
        "roles",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("description", sa.String(255), nullable=False),
    )
    op.create_table(
        "role_scopes",
        sa.Column("role", sa.String(64), sa.ForeignKey("roles.name", ondelete="CASCADE"), nullable=False),
        sa.Column("scope", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("role", "scope"),
    )
    op.create_table(
        "account_roles",
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("role", sa.String(64), sa.ForeignKey("roles.name", ondelete="CASCADE"), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "role"),
    )


def create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(255), nullable=False),
        sa.Column("authenticated_at", sa.Double, nullable=False),
        sa.Column("last_seen_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("revoked_at", sa.Double),
        sa.Column("revoked_because", sa.String(64)),
        sa.Column("status_slot", sa.Integer),
    )
    op.create_index("ix_sessions_revoked_at", "sessions", ["revoked_at"])
    op.create_table(
        "status_slots",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("held_until", sa.Double, nullable=False),
    )
    op.create_index("ix_status_slots_held_until", "status_slots", ["held_until"])
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("session_id", sa.String(36), sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("issued_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("consumed_at", sa.Double),
        sa.Column("successor_digest", sa.LargeBinary(32)),
        sa.Column("successor_sealed", sa.LargeBinary),
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"])
    op.create_index("ix_refresh_tokens_expires_at", "refresh_tokens", ["expires_at"])


def create_keys() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.String(64), primary_key=True),
        sa.Column("algorithm", sa.String(16), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("public_jwk", sa.Text, nullable=False),
        sa.Column("sealed_private_jwk", sa.LargeBinary, nullable=False),
        sa.Column("published_at", sa.Double, nullable=False),
        sa.Column("signs_from", sa.Double, nullable=False),
        sa.Column("published_until", sa.Double),
        sa.Column("killed_at", sa.Double),
    )
    op.create_index("signing_keys_one_successor", "signing_keys", ["algorithm", "sequence"], unique=True)


def create_records() -> None:
    op.create_table(
        "login_throttle",
        sa.Column("bucket", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("blocked_until", sa.Double, nullable=False),
        sa.Column("touched_at", sa.Double, nullable=False),
    )
    op.create_index("ix_login_throttle_touched_at", "login_throttle", ["touched_at"])
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("target", sa.String(255), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_index("ix_audit_events_at", "audit_events", ["at"])
    op.create_index("ix_audit_events_target", "audit_events", ["target"])
