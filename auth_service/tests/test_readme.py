"""The README names what there is."""

from pathlib import Path

import pytest

from gapura_auth.cli import main
from gapura_auth.settings import AuthSettings
from gapura_chassis.settings import ServiceSettings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
OWN = sorted(
    str(field.alias) for name, field in AuthSettings.model_fields.items() if name not in {*ServiceSettings.model_fields}
)


@pytest.mark.parametrize(
    "variable", [*OWN, "GAPURA_AUTH_PORT", "GAPURA_AUTH_THREADS", "DATABASE_URL", "JWT_SECRET_KEY"]
)
def test_every_setting_of_this_service_is_named(variable):
    assert f"`{variable}`" in README


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_named(command):
    assert f"gapura-auth {command}" in README


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (group, name)
        for group in ("users", "roles", "keys")
        for name in main.commands[group].commands  # type: ignore[attr-defined]
    ],
)
def test_every_command_of_a_group_is_named(group, name):
    line = next(line for line in README.splitlines() if line.startswith(f"gapura-auth {group} "))
    assert name in line.split("#", maxsplit=1)[0].removeprefix(f"gapura-auth {group} ").strip().split("|")
