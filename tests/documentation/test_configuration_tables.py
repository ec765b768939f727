"""The tables of settings in both READMEs, against the settings that there are."""

import re

import pytest

from dev.run import TREE
from gapura import GuardSettings
from gapura_auth.settings import AuthSettings
from gapura_products.settings import ProductSettings
from gapura_users.settings import UserSettings
from tests.documentation import markdown

EVERY = {"README.md": "Every service", "README.id.md": "Semua layanan"}
GUARD = {"README.md": "Your own services, through the guard", "README.id.md": "Layanan Anda sendiri, lewat penjaga"}
OWN = {"Auth service": AuthSettings, "User service": UserSettings, "Product service": ProductSettings}


def documented(readme, heading):
    """Return the settings of one table with their defaults, each as it is printed."""
    page = (TREE / readme).read_text(encoding="utf-8")
    return {row[0].strip("`"): row[1].strip("`") for row in markdown.rows(markdown.section(page, heading))}


def printed(default):
    if default is None or default == ():
        return "—"
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return str(default).lower() if isinstance(default, bool) else str(default)


def settings_of(model):
    return {field.alias: printed(field.default) for field in model.model_fields.values()}


def of_every_service():
    return settings_of(UserSettings).items() & settings_of(ProductSettings).items()


@pytest.mark.parametrize("readme", EVERY)
def test_what_every_service_can_be_told_is_documented_and_nothing_else(readme):
    assert documented(readme, EVERY[readme]) == dict(of_every_service())


@pytest.mark.parametrize("readme", EVERY)
@pytest.mark.parametrize("heading", OWN)
def test_what_one_service_can_be_told_is_documented_and_nothing_else(readme, heading):
    assert documented(readme, heading) == dict(settings_of(OWN[heading]).items() - of_every_service())


@pytest.mark.parametrize("readme", EVERY)
def test_what_the_guard_can_be_told_is_documented_and_nothing_else(readme):
    described = re.findall(r"^ *\| ([A-Z_]+) \| (\S+)", GuardSettings.__doc__, re.MULTILINE)
    table = documented(readme, GUARD[readme])
    assert table.keys() == dict(described).keys()
    # what has no plain value there, such as `issuer + path`, is none here
    assert {name: table[name] for name, value in described if value not in {"none", "issuer"}} == {
        name: value for name, value in described if value not in {"none", "issuer"}
    }


@pytest.mark.parametrize("readme", EVERY)
def test_every_setting_has_a_meaning(readme):
    page = (TREE / readme).read_text(encoding="utf-8")
    for heading in (EVERY[readme], *OWN, GUARD[readme]):
        for row in markdown.rows(markdown.section(page, heading)):
            assert len(row) == 3
            assert row[2]
