"""An MCP client at the server that the page about MCP shows, from its first refusal to the call of a tool."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients.pages import blocks
from tests.clients.programs import run
from tests.documentation.shell import Reader
from tests.running.system import free_ports, other_ports, running_system

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("node_packages")]


def test_a_client_finds_its_way_from_a_refusal_to_a_tool(tmp_path, person):
    port = free_ports(1)[0]
    resource = f"http://127.0.0.1:{port}/mcp"
    page = [replace(block, comment="", text=block.text.replace("5004", str(port))) for block in blocks("mcp.md")]
    tools, start_tools, create = page
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    with running_system(tmp_path / "home", GAPURA_RESOURCES=resource, **other_ports()) as system:
        reader = Reader(tmp_path, system, system.environment | {"PATH": os.environ["PATH"]}, port)
        assert reader.follow([tools, create]) == []
        client = json.loads((tmp_path / "client.json").read_text())
        with reader.second_terminal() as start:
            start(start_tools.text)
            settings = {"resource": resource, "other": f"{system.users.address}/users"}
            own = {"client_id": client["client_id"], "callback": "http://127.0.0.1:51234/callback"}
            found = run("mcp.js", person, settings | own)
    assert found == {"refusal": 401, "advertised": True, "name": "user1", "elsewhere": 401}
