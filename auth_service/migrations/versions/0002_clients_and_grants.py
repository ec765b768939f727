"""The tables of OAuth: clients, what they asked for, what they were granted, and what may be used only once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_clients()
    create_browser_sessions()
    create_authorizations()
    create_once_only()
    extend_sessions()


def create_clients() -> None:
    op.create_table(
        "clients",
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("metadata", sa.Text, nullable=False),
        sa.Column("registration_digest", sa.LargeBinary(32)),
        sa.Column("policy", sa.Text),
        sa.Column("status_slot", sa.Integer),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("deleted_at", sa.Double),
    )
    op.create_table(
        "client_secrets",
        sa.Column("client_id", sa.String(255), sa.ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double),
        sa.PrimaryKeyConstraint("client_id", "digest"),
    )
    op.create_table(
        "initial_access_tokens",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("uses_left", sa.Integer, nullable=False),
    )
    op.create_index("ix_initial_access_tokens_expires_at", "initial_access_tokens", ["expires_at"])


def create_browser_sessions() -> None:
    op.create_table(
        "browser_sessions",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("authenticated_at", sa.Double, nullable=False),
        sa.Column("amr", sa.String(255), nullable=False),
        sa.Column("acr", sa.String(255)),
        sa.Column("last_seen_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("revoked_at", sa.Double),
    )
    op.create_index("ix_browser_sessions_account_id", "browser_sessions", ["account_id"])
    op.create_index("ix_browser_sessions_expires_at", "browser_sessions", ["expires_at"])


def create_authorizations() -> None:
    op.create_table(
        "authorization_requests",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("consumed_at", sa.Double),
    )
    op.create_index("ix_authorization_requests_expires_at", "authorization_requests", ["expires_at"])
    op.create_table(
        "authorization_codes",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("consumed_at", sa.Double),
    )
    op.create_index("ix_authorization_codes_expires_at", "authorization_codes", ["expires_at"])
    op.create_table(
        "device_codes",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("user_code", sa.String(32), nullable=False, unique=True),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("session_id", sa.String(36)),
        sa.Column("denied_at", sa.Double),
        sa.Column("interval_seconds", sa.Integer, nullable=False),
        sa.Column("polled_at", sa.Double),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("consumed_at", sa.Double),
    )
    op.create_index("ix_device_codes_expires_at", "device_codes", ["expires_at"])
    op.create_table(
        "consents",
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("granted_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "client_id"),
    )


def create_once_only() -> None:
    op.create_table(
        "used_identifiers",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    op.create_index("ix_used_identifiers_expires_at", "used_identifiers", ["expires_at"])
    op.create_table(
        "logout_outbox",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.Double, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("delivered_at", sa.Double),
        sa.Column("given_up_at", sa.Double),
    )
    # the outbox is asked again and again for what is due; what was delivered or given up is not in the index
    pending = sa.text("delivered_at IS NULL AND given_up_at IS NULL")
    op.create_index(
        "logout_outbox_pending",
        "logout_outbox",
        ["next_attempt_at"],
        sqlite_where=pending,
        postgresql_where=pending,
    )


def extend_sessions() -> None:
    # the login in a browser that this session comes from, and what was granted in it; empty for /login's own
    op.add_column("sessions", sa.Column("browser_session_id", sa.String(36)))
    op.add_column("sessions", sa.Column("granted", sa.Text))
    op.create_index("ix_sessions_browser_session_id", "sessions", ["browser_session_id"])
