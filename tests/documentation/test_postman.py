"""The Postman collection, run by newman against the running system."""

import json
import subprocess

import pytest

from dev.run import AUTH_PORT, PRODUCTS_PORT, TREE, USERS_PORT

pytestmark = pytest.mark.e2e

FOLDER = TREE / "docs" / "postman"
COLLECTION = FOLDER / "gapura.postman_collection.json"
ENVIRONMENT = FOLDER / "gapura.postman_environment.json"


def test_every_assertion_of_the_collection_holds(newman, system, tmp_path):
    report = tmp_path / "report.json"
    addresses = [f"{service.service.name}_url={service.address}" for service in system]
    done = subprocess.run(
        [
            *newman,
            "run",
            COLLECTION,
            "--environment",
            ENVIRONMENT,
            *(part for address in addresses for part in ("--env-var", address)),
            "--reporters",
            "cli,json",
            "--reporter-json-export",
            report,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    run = json.loads(report.read_text())["run"]
    assert run["failures"] == []
    assert run["stats"]["requests"]["total"] == 11
    assert run["stats"]["assertions"]["total"] >= 22


def test_the_environment_names_the_ports_of_the_guide():
    values = {value["key"]: value["value"] for value in json.loads(ENVIRONMENT.read_text())["values"]}
    ports = {"auth_url": AUTH_PORT, "users_url": USERS_PORT, "products_url": PRODUCTS_PORT}
    assert {name: values[name] for name in ports} == {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}


def test_every_request_checks_its_answer():
    for item in json.loads(COLLECTION.read_text())["item"]:
        scripts = [event["script"]["exec"] for event in item["event"] if event["listen"] == "test"]
        assert any("pm.test(" in line for script in scripts for line in script), item["name"]


def test_no_token_was_left_in_the_files():
    assert "eyJ" not in COLLECTION.read_text() + ENVIRONMENT.read_text()
