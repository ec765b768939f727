"""What must not stand in the repository: addresses of package registries, paths of somebody's machine, secrets."""

import re

import pytest

from dev.run import TREE
from tests.documentation.test_pages import tracked

# put together here, so that this file does not hold what it looks for
FORBIDDEN = {
    "the address of a package registry": ("py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs.org"),
    "a private key": ("PRIVATE" + " KEY-----",),
    "a path of somebody's machine": ("/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/", "/wo" + "rk/"),
}
#: Documents that were published by others, and test vectors.
ALLOWED = re.compile(r"^(guard/tests|auth_service/tests|chassis/tests)/")
TEXTS = [name for name in tracked("*") if not name.endswith((".png", ".ico", ".gz")) and not ALLOWED.match(name)]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_repository_is_free_of(what):
    found = []
    for name in TEXTS:
        text = (TREE / name).read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {word}" for word in FORBIDDEN[what] if word in text]
    assert found == []
