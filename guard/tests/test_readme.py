"""The README is executed: its Python runs, and its tables say what the code says."""

import re
from pathlib import Path

import gapura.errors
from gapura.background import Background
from gapura.checks import Check
from gapura.keys import KeySetState
from gapura.settings import GuardSettings

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def errors_of(base):
    return [base, *(error for child in base.__subclasses__() for error in errors_of(child))]


def test_its_python_runs(capsys, monkeypatch):
    monkeypatch.setattr(Background, "start", lambda _self: None)
    names = {"__name__": "readme"}
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102 - it is our own text
    names["test_a_clerk_may_add_a_product"]()
    assert names["as_user"](names["app"], "ani").get("/products").json == {"msg": "Hello, ani!"}
    assert "'state':" in capsys.readouterr().out


def test_its_table_of_refusals_is_complete():
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (?:`(\w+)`)? ?\|", README, re.MULTILINE)
    defined = {error for error in errors_of(gapura.errors.GuardError) if error.__module__ == "gapura.errors"}
    defined -= {gapura.errors.GuardError}
    assert {(code, int(status), error) for code, status, error in rows} == {
        (error.code, error.status, error.error or "") for error in defined
    }


def test_its_settings_are_those_of_the_code():
    pattern = r"(GAPURA_\w+|JWT_SECRET_KEY)"
    table = README.partition("## Settings")[2].partition("## Who")[0]
    assert set(re.findall(rf"^\| `{pattern}`", table, re.MULTILINE)) == set(
        re.findall(pattern, GuardSettings.__doc__ or "")
    )


def test_it_names_every_state_and_every_check():
    assert all(f"| `{state.value}` |" in README for state in KeySetState)
    assert all(check.sentence in README for check in Check)
