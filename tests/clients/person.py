"""Somebody with a browser without JavaScript."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from tests.running.system import DEMO_PASSWORD

SECONDS = 30
#: Pages and redirects between a click and the way back; one that goes in circles is found here.
MOST_STEPS = 12


class Form(HTMLParser):
    """The first form of a page: where it leads, its fields, and its first button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._closed = False
        self._has_button = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = given["action"]
        elif self.action is None or self._closed:
            return
        elif tag == "input":
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "button" and not self._has_button:
            self._has_button = True
            self.fields |= {given["name"]: given["value"]} if "name" in given else {}

    def handle_endtag(self, tag: str) -> None:
        self._closed = self._closed or (tag == "form" and self.action is not None)


class Person:
    """Signs in where asked for it, agrees to everything, and remembers which pages there were."""

    def __init__(self, username: str = "user1", password: str = DEMO_PASSWORD) -> None:
        self.typed = {"username": username, "password": password}
        self.seen: list[str] = []
        self._browser = requests.Session()

    def visit(self, address: str, back_to: str) -> str:
        """Open an address, do what the pages ask, and return the address below `back_to` that it ends at."""
        answer = self._open("GET", address)
        for _ in range(MOST_STEPS):
            if not answer.is_redirect:
                answer = self._submit(answer)
                continue
            target = urljoin(answer.url, answer.headers["Location"])
            if target.startswith(back_to):
                return target
            answer = self._open("GET", target)
        raise AssertionError(f"{address} leads nowhere: {self.seen}")

    def browse(self, address: str) -> str:
        """Open an address, do what the pages ask, wherever that leads; returns the last page."""
        answer = self._open("GET", address)
        for _ in range(MOST_STEPS):
            if answer.is_redirect:
                answer = self._open("GET", urljoin(answer.url, answer.headers["Location"]))
            elif Form(answer.text).action is not None:
                answer = self._submit(answer)
            else:
                return answer.text
        raise AssertionError(f"{address} leads nowhere: {self.seen}")

    def _submit(self, page: requests.Response) -> requests.Response:
        assert page.status_code == requests.codes.ok, page.text
        form = Form(page.text)
        assert form.action is not None, page.text
        self.seen.append(form.action.rpartition("/")[2])
        typed = {name: text for name, text in self.typed.items() if name in form.fields}
        return self._open("POST", urljoin(page.url, form.action), form.fields | typed)

    def _open(self, method: str, address: str, fields: dict[str, str] | None = None) -> requests.Response:
        return self._browser.request(method, address, data=fields, allow_redirects=False, timeout=SECONDS)
