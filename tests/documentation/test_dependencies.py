"""Every direct dependency has a line in the decision about them, and no line is left over."""

import re
import tomllib

from dev.run import TREE

PAGE = TREE / "docs" / "adr" / "0004-dependencies.md"
ROOMS = ("guard", "chassis", "auth_service", "user_service", "product_service")
#: What `make bench` installs is measured and not depended on: `locks/bench.in` says what each is there for.
LISTS = ("bootstrap.in", "build.in", "dev.in")


def name_of(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower()


def of_room(room):
    document = tomllib.loads((TREE / room / "pyproject.toml").read_text(encoding="utf-8"))
    project = document["project"]
    extras = project.get("optional-dependencies", {}).values()
    lists = [project["dependencies"], document["build-system"]["requires"], *extras]
    return {name_of(requirement) for requirements in lists for requirement in requirements}


def of_list(name):
    lines = (TREE / "locks" / name).read_text(encoding="utf-8").splitlines()
    return {name_of(line) for line in lines if line and not line.startswith(("#", "-"))}


def test_every_direct_dependency_is_explained_and_nothing_else():
    explained = set(re.findall(r"^\| `([a-z0-9-]+)` \| .{20,} \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    needed = set().union(*map(of_room, ROOMS), *map(of_list, LISTS))
    assert explained == needed
