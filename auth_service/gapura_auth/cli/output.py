"""Listings: a table for people, JSON for programs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import click
import orjson

from gapura_chassis.clock import Timestamp

Row = Mapping[str, object]

as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON instead of a table.")


def show(rows: Sequence[Row], *, as_json: bool) -> None:
    """Write rows that all have the same columns."""
    click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode() if as_json else _table(rows))


def as_text(time: Timestamp | None) -> str | None:
    """Return a time after RFC 3339, in UTC."""
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds") if time is not None else None


def _table(rows: Sequence[Row]) -> str:
    if not rows:
        return "There are none."
    lines = [[name.replace("_", " ") for name in rows[0]], *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name}={item}" for name, item in value.items()) or "-"
    if isinstance(value, list | tuple):
        return " ".join(map(str, value)) or "-"
    text = "" if value is None else str(value)
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text) or "-"
