"""The pages about clients, followed by a reader: commands are run, servers started, and people sign in to them."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dev.newman import node_folder
from tests.clients.pages import blocks
from tests.clients.programs import FOLDER as NODE
from tests.documentation.shell import Reader

pytestmark = pytest.mark.e2e

#: Port of the reader's own server in the pages.
OWN_PORT = "5004"


@pytest.fixture
def reader(system, tmp_path):
    """Put a reader into a folder with the programs that the pages speak of, beside the running system."""
    programs = Path(sys.executable).parent
    (tmp_path / ".venv").symlink_to(programs.parent)
    (tmp_path / "node_modules").symlink_to(NODE / "node_modules")
    path = os.pathsep.join([str(node_folder()), os.environ["PATH"]])
    return Reader(tmp_path, system, {**system.environment, "GAPURA_ISSUER": system.auth.address, "PATH": path})


def page(name, reader):
    """Return the blocks of a page, for the ports that are free here."""
    return [
        replace(block, comment="", text=block.text.replace(OWN_PORT, str(reader.own_port))) for block in blocks(name)
    ]


def test_a_program_acts_for_itself(reader):
    assert reader.follow(page("machine-to-machine.md", reader)) == []


def test_a_device_waits_for_its_person(reader, person):
    create, ask, *wait = page("device.md", reader)
    assert reader.follow([create, ask]) == []
    shown = json.loads((reader.folder / "device.json").read_text())
    person.browse(shown["verification_uri_complete"])
    assert reader.follow(wait) == []


@pytest.mark.usefixtures("node_packages")
@pytest.mark.parametrize("name", ["flask-server.md", "node-server.md"])
def test_people_sign_in_to_a_server_and_out_again(reader, person, name):
    *preparation, server = page(name, reader)
    assert reader.follow(preparation) == []
    address = f"http://127.0.0.1:{reader.own_port}"
    with reader.second_terminal() as start:
        start(server.text)
        assert person.browse(f"{address}/") == "Nobody is signed in."
        assert person.browse(f"{address}/login") == "Hello, user1!"
        assert person.browse(f"{address}/logout") == "Nobody is signed in."
        assert person.seen == ["signin"]
        assert person.browse(f"{address}/login") == "Hello, user1!"
        assert person.seen == ["signin", "signin"]  # the logout was one at the provider too


def test_the_command_line_accepts_what_the_page_about_applications_in_the_browser_creates(reader):
    assert reader.follow(page("single-page-app.md", reader)) == []
