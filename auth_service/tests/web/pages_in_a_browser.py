"""A browser as far as the pages need one: it keeps cookies, reads forms, and sends them back."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gapura_auth.oauth.clients import Client, ClientPresentation, ClientRules
from gapura_auth.oauth.vocabulary import ClientAuthentication
from gapura_auth.store.clients import StoredClient, insert_client

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
WEB = "https://app.example.com/callback"
REQUEST = {
    "client_id": "web",
    "response_type": "code",
    "redirect_uri": WEB,
    "scope": "openid profile",
    "state": "the state",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
ISSUER = "http://127.0.0.1:5000"
PASSWORD = "kopi tubruk di pagi hari"


def client_of(client_id: str = "web", **more: Any) -> Client:
    values = {
        "presentation": ClientPresentation("Toko Kopi"),
        "authentication": ClientAuthentication.NONE,
        "redirect_uris": (WEB,),
        "scopes": frozenset({"openid", "profile", "email", "products:write"}),
    }
    return Client(id=client_id, **{**values, **more})


def register_client(service: Any, client: Client) -> None:
    with service.database.write() as connection:
        insert_client(connection, StoredClient(client=client, created_at=service.clock()))


FIRST_PARTY = ClientRules(first_party=True)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@dataclass
class Page:
    """An answer that is HTML, taken apart."""

    answer: TestResponse
    tags: list[tuple[str, dict[str, str | None]]]
    text: str

    @classmethod
    def of(cls, answer: TestResponse) -> "Page":
        assert answer.mimetype == "text/html", answer.text
        reader = _Reader()
        reader.feed(answer.text)
        return cls(answer, reader.tags, " ".join(" ".join(reader.text).split()))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def fields(self) -> dict[str, str]:
        return {str(field["name"]): field.get("value") or "" for field in self.all("input")}

    @property
    def action(self) -> str:
        return str(self.all("form")[0]["action"])

    @property
    def actions(self) -> set[str | None]:
        return {button.get("value") for button in self.all("button")}

    def link(self, containing: str) -> str:
        return next(str(link["href"]) for link in self.all("a") if containing in str(link["href"]))


@dataclass
class Browser:
    """One browser."""

    client: FlaskClient
    address: str = "198.51.100.7"
    headers: dict[str, str] = field(default_factory=lambda: {"Sec-Fetch-Site": "same-origin"})

    def get(self, address: str, **headers: str) -> TestResponse:
        environ = {"REMOTE_ADDR": self.address}
        return self.client.get(address, headers=headers, environ_base=environ)

    def post(self, address: str, data: Any, **headers: str) -> TestResponse:
        environ = {"REMOTE_ADDR": self.address}
        return self.client.post(address, data=data, headers={**self.headers, **headers}, environ_base=environ)

    def authorize(self, **changes: str | None) -> TestResponse:
        given = {name: value for name, value in {**REQUEST, **changes}.items() if value is not None}
        return self.get(f"/oauth/authorize?{urlencode(given)}")

    def follow(self, answer: TestResponse) -> Page:
        """Go where an answer sends the browser, which has to be a page of ours."""
        while answer.status_code == 303:
            location = answer.headers["Location"]
            assert location.startswith("/"), location
            answer = self.get(location)
        return Page.of(answer)

    def send(self, page: Page, action: str, **typed: str) -> TestResponse:
        return self.post(page.action, {**page.fields, **typed, "action": action})

    def sign_in(self, page: Page, username: str = "ani", password: str = PASSWORD) -> TestResponse:
        return self.send(page, "sign_in", username=username, password=password)

    def cookie(self, name: str) -> str | None:
        found = self.client.get_cookie(name)
        return found.value if found is not None else None


def response_at(answer: TestResponse, redirect_uri: str = WEB) -> dict[str, str]:
    """Return the members of an authorization response that arrives at the client."""
    assert answer.status_code == 303, answer.text
    location = answer.headers["Location"]
    assert location.startswith(redirect_uri + "?"), location
    return dict(parse_qsl(urlsplit(location).query, strict_parsing=True))
