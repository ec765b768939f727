import pytest
from flask import Flask
from flask.views import MethodView

from gapura import Guard, TrustedIssuer, Verifier
from gapura.keys import StaticKeySet
from gapura.testing import pretend_issuer


@pytest.fixture
def app():
    app = Flask(__name__)
    guard = Guard(app)

    @app.get("/products")
    def products():
        return {}

    @app.post("/products")
    @guard.require("products:write", any_of=["staff", "admin"], max_age=60, acr=["mfa"], fresh=True)
    def add():
        return {}

    @app.get("/")
    @guard.public
    def home():
        return {}

    @app.get("/maybe")
    @guard.optional
    def maybe():
        return {}

    class Item(MethodView):
        @guard.require("items:read")
        def get(self):
            return {}

        def delete(self):
            return {}

    app.add_url_rule("/items/<int:number>", view_func=Item.as_view("item"))
    return app


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *arguments, **options: runner.invoke(args=["guard", *arguments], **options)


def test_every_route_is_listed_with_what_it_demands(run):
    result = run("routes")
    everything = (
        "token, scope products:write, one of the scopes admin staff, login within 60 s, acr mfa, fresh revocations"
    )
    assert result.exit_code == 0
    assert [line.split(maxsplit=2) for line in result.output.splitlines()] == [
        ["GET", "/", "public"],
        ["DELETE", "/items/<int:number>", "token"],
        ["GET", "/items/<int:number>", "token, scope items:read"],
        ["GET", "/maybe", "optional"],
        ["GET", "/products", "token"],
        ["POST", "/products", everything],
        ["GET", "/static/<path:filename>", "public: files"],
    ]  # fmt: skip


def test_a_mark_that_got_lost_fails(app, run):
    guard = app.extensions["gapura"]

    def careless(view):
        return lambda: view() + "!"

    app.add_url_rule("/admin", endpoint="admin", view_func=careless(guard.require("admin")(lambda: "secret")))
    result = run("routes")
    assert result.exit_code == 1
    assert "is marked, but no route calls it as it is" in result.output


def test_a_decorator_that_wraps_properly_keeps_the_mark(app, run):
    from functools import wraps  # noqa: PLC0415

    guard = app.extensions["gapura"]

    def careful(view):
        @wraps(view)
        def wrapper():
            return view()

        return wrapper

    app.add_url_rule("/admin", endpoint="admin", view_func=careful(guard.require("admin")(lambda: "secret")))
    result = run("routes")
    assert result.exit_code == 0
    assert "token, scope admin" in result.output


def test_a_good_token_passes_every_check(app, run):
    token = pretend_issuer(app).token("ani")
    result = run("explain", "--token", token, "get", "/products?q=1")
    assert result.exit_code == 0
    assert result.output.startswith("GET /products?q=1 demands: token\n")
    assert result.output.count("[ok]") == 13


@pytest.mark.parametrize(
    ("claims", "failed", "advice"),
    [
        ({"exp": 1}, "It is valid now", "Get a new token"),
        ({"aud": "other"}, "It is for this service", "GAPURA_AUDIENCE"),
        ({"iss": "https://other.example"}, "Its issuer is trusted here", "GAPURA_ISSUER"),
        ({"iat": None}, "It has sub, iat and exp, of the right types", "RFC 9068"),
    ],
)
def test_the_check_that_fails_is_named_with_what_to_do(app, run, claims, failed, advice):
    result = run("explain", "--token", "-", "GET", "/products", input=pretend_issuer(app).token("ani", **claims))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    place = lines.index(f"[!!] {failed}")
    assert advice in lines[place + 2]
    assert lines[-1].startswith("[  ]")


def test_a_token_that_may_not_do_this_is_told_what_is_missing(app, run, signing_key):
    token = pretend_issuer(app).token("ani", auth_time=1)
    result = run("explain", "--token", token, "POST", "/products")
    assert result.exit_code == 1
    assert "[!!] It is not revoked" in result.output
    assert "This needs the scope products:write." in result.output
    assert "[!!] Its login is recent and strong enough" in result.output
    issuer = TrustedIssuer("https://login.example", "shop", StaticKeySet.of(signing_key.public_jwk()))
    app.extensions["gapura"].use_verifier(Verifier([issuer]))
    assert "[!!] Its issuer is trusted here" in run("explain", "--token", token, "GET", "/products").output


def test_a_token_that_is_bound_to_a_key_is_told_how_to_be_sent(app, run):
    token = pretend_issuer(app).token("ani", cnf={"jkt": "x" * 43})
    result = run("explain", "--token", token, "GET", "/products")
    assert result.exit_code == 1
    assert "[!!] It may be sent as a Bearer token" in result.output


def test_nonsense_fails_the_first_check(run):
    result = run("explain", "--token", "nonsense", "GET", "/products")
    assert result.exit_code == 1
    assert "[!!] It is one compact JWS of reasonable size" in result.output


def test_a_public_route_needs_no_explanation(run):
    result = run("explain", "--token", "nonsense", "GET", "/")
    assert (result.exit_code, result.output) == (0, "GET / demands: public\n")


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("PUT", "/products")])
def test_a_route_that_is_not_there_is_told(run, method, path):
    result = run("explain", "--token", "x", method, path)
    assert result.exit_code == 1
    assert f"There is no route {method} {path}" in result.output
