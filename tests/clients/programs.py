"""Programs in JavaScript, which ask for a person where one is needed."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from dev.newman import node_folder
from tests.clients.person import Person

FOLDER = Path(__file__).parent / "node"
PATIENCE = 60


def is_installed() -> bool:
    return (FOLDER / "node_modules" / ".installed").exists()


def run(program: str, person: Person, settings: Mapping[str, object]) -> dict[str, object]:
    """Run a program to its end; returns what it reports."""
    command = [str(node_folder() / "node"), str(FOLDER / program), json.dumps(settings)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            return _serve(process, person)
        finally:
            process.kill()


def _serve(process: "subprocess.Popen[str]", person: Person) -> dict[str, object]:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        request = json.loads(line)
        if "report" in request:
            return request["report"]
        if "visit" in request:
            answer = person.visit(request["visit"], request["back_to"])
        else:
            answer = person.browse(request["show"]).splitlines()[0]
        process.stdin.write(f"{answer}\n")
        process.stdin.flush()
    raise AssertionError(process.stderr.read())
