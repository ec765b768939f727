"""Where every error of the other rooms becomes one sentence on standard error and an exit status."""

from typing import IO, Any

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from gapura_auth.clients.errors import ClientRefusal
from gapura_auth.keys.rotation import UnknownKey
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.store.roles import UnknownRole
from gapura_chassis.errors import ApiError
from gapura_chassis.settings import ConfigurationError


class Refused(click.ClickException):
    """The command cannot be done."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the sentence."""
        click.echo(self.message, file=file, err=file is None)


class Misconfigured(Refused):
    """The environment is not as it must be."""

    exit_code = 2


class RefusingGroup(click.Group):
    """A group of commands that end in a sentence, never in a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            raise Misconfigured(str(error)) from error
        except ApiError as error:
            raise Refused(_sentences(error)) from error
        except UnknownRole as error:
            raise Refused(f"There is no role named {error}; `gapura-auth roles list` shows them all.") from error
        except UnknownKey as error:
            raise Refused(f"There is no key named {error}, or it was killed before.") from error
        except ClientRefusal as error:
            raise Refused(str(error)) from error
        except OAuthError as error:
            raise Refused(error.description) from error
        except SQLAlchemyError as error:
            raise Refused(f"The database refused: {driver_message(error)}") from error


def driver_message(error: SQLAlchemyError) -> str:
    """Return the first line of what the database said, without statements and values."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return (said.strip().splitlines() or [type(error).__name__])[0]


def _sentences(error: ApiError) -> str:
    fields = error.errors or {}
    if list(fields.values()) == [[error.message]]:
        return error.message
    return "\n".join(f"{name}: {text}" for name, texts in fields.items() for text in texts) or error.message
