"""A service small enough for tests: run as a program, `python tiny_service.py`, it is a real process under Granian."""

import os
import time

from flask import Response, request
from joserfc.jwk import ECKey

from gapura import Guard, StaticKeySet, TrustedIssuer, Verifier
from gapura_chassis.api import Body, Query, Representation, get, json_response, post
from gapura_chassis.application import Parts, ServiceDescription, create_application
from gapura_chassis.errors import NotAuthenticated
from gapura_chassis.metrics import Metrics
from gapura_chassis.program import Program
from gapura_chassis.settings import ConfigurationError, ServiceSettings


class Greeting(Body):
    name: str
    age: int = 0


class Login(Body):
    username: str
    password: str


class Age(Body):
    age: int = 0


class Search(Query):
    q: str | None = None
    limit: int = 10


class Answer(Representation):
    msg: str


class TinyViews:
    @get("/fast", "Answer at once", {200: Answer}, public=True)
    def fast(self, query: Search) -> Response:
        return json_response(Answer(msg=f"{query.q} {query.limit}"))

    @get("/slow", "Answer after a while", {200: Answer}, public=True)
    def slow(self) -> Response:
        time.sleep(1.0)
        return json_response(Answer(msg="done"))

    @get("/environ", "Show what a request knows", {200: None}, public=True)
    def environ(self) -> Response:
        return json_response({name: str(value) for name, value in {**os.environ, **request.environ}.items()})

    @get("/die", "End the process", {200: None}, public=True)
    def die(self) -> Response:
        os._exit(3)

    @post("/greet", "Greet", {200: Answer}, public=True)
    def greet(self, body: Greeting) -> Response:
        return json_response(Answer(msg=body.name))

    @post("/maybe", "Take a body or none", {200: None}, public=True, optional_body=True)
    def maybe(self, body: Age) -> Response:
        return json_response({"age": body.age})

    @get("/items/<code>", "Show an item", {200: Answer}, public=True)
    def item(self, code: str) -> Response:
        return json_response(Answer(msg=code))

    @get("/numbers/<int:number>", "Show a number", {200: Answer}, public=True)
    def number(self, number: int) -> Response:
        return json_response(Answer(msg=str(number)))

    @get("/secret", "Only with a token", {200: Answer}, scopes=("tiny:read",))
    def secret(self) -> Response:
        return json_response(Answer(msg="secret"))

    @post("/login", "A login that knows one person", {200: None}, public=True)
    def login(self, body: Login) -> Response:
        if body.password != "pass123":
            raise NotAuthenticated("The username or the password is wrong.")
        return json_response({"access_token": "a.b.c", "msg": body.username})


def prepare(settings: ServiceSettings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)


def build(settings: ServiceSettings):
    if (settings.home / "refuse").exists():
        message = "The tiny service will not start: it was told so."
        raise ConfigurationError(message)
    keys = StaticKeySet.of(ECKey.generate_key("P-256", {"kid": "1", "alg": "ES256"}).as_dict(private=False))
    guard = Guard(verifier=Verifier([TrustedIssuer(settings.issuer, audience="gapura", keys=keys)]))
    parts = Parts(guard, {"Tiny": TinyViews()}, {}, Metrics(multiprocess=settings.workers > 1))
    return create_application(ServiceDescription("Tiny", "A service for tests."), settings, parts)


program = Program("tiny", ServiceSettings, "tiny_service")

if __name__ == "__main__":
    program.main()
