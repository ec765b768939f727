import subprocess
import sys
import threading

import pytest
from flask import Blueprint, Flask, Response
from flask.views import MethodView, View

from gapura import Access, ConfigurationError, Guard, Requirement, current_token, get_current_token, requirement_of
from gapura.errors import InsufficientScopeError, KeysUnavailableError
from gapura.flask_guard import requirement_of as requirement_of_view

MISSING = {"msg": "Missing Authorization Header"}


def build(verifier, clock):  # noqa: C901 - one view of every kind
    app = Flask(__name__)
    guard = Guard(app, verifier=verifier, realm="shop", clock=clock)

    @app.get("/plain")
    def plain():
        return {"user": current_token.username, "token": bool(get_current_token())}

    @app.get("/public")
    @guard.public
    def public():
        return {"token": bool(current_token)}

    @guard.public
    @app.get("/public-above")
    def public_above():
        return {}

    @app.get("/optional")
    @guard.optional
    def optional():
        return {"user": current_token.username if current_token else None}

    @app.post("/write")
    @guard.require("products:write", "products:read")
    def write():
        return {}

    @guard.require(any_of=["admin", "staff"])
    @app.get("/any")
    def any_of():
        return {}

    @app.get("/recent")
    @guard.require(max_age=60)
    def recent():
        return {}

    @app.get("/strong")
    @guard.require(acr=["phr", "mfa"], max_age=60)
    def strong():
        return {}

    @app.get("/fresh")
    @guard.require(fresh=True)
    def fresh():
        return {}

    @app.get("/decides")
    def decides():
        raise InsufficientScopeError(["later"])

    return app, guard


@pytest.fixture
def app_and_guard(verifier, clock):
    return build(verifier, clock)


@pytest.fixture
def client(app_and_guard):
    return app_and_guard[0].test_client()


def test_without_a_header_the_answer_is_word_for_word_the_contracts(client):
    answer = client.get("/plain")
    assert (answer.status_code, answer.json) == (401, MISSING)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="shop"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type == "application/json"


def test_with_a_good_token_the_view_knows_who_it_is(client, bearer):
    answer = client.get("/plain", headers=bearer(preferred_username="ani"))
    assert (answer.status_code, answer.json) == (200, {"user": "ani", "token": True})


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_a_scheme_is_a_word_in_any_case(client, make_token, scheme):
    assert client.get("/plain", headers={"Authorization": f"{scheme} {make_token()}"}).status_code == 200


@pytest.mark.parametrize(
    ("header", "status", "challenge"),
    [
        ("", 401, 'Bearer realm="shop"'),
        ("   ", 401, 'Bearer realm="shop"'),
        ("Basic dXNlcjpwYXNz", 401, 'Bearer realm="shop"'),
        ("Bearertoken", 401, 'Bearer realm="shop"'),
        ("Bearer", 400, 'Bearer realm="shop", error="invalid_request"'),
        ("Bearer a b", 400, 'Bearer realm="shop", error="invalid_request"'),
        ("Bearer a, Bearer b", 400, 'Bearer realm="shop", error="invalid_request"'),
        ("Bearer a,b", 400, 'Bearer realm="shop", error="invalid_request"'),
        ("Bearer nonsense", 401, 'Bearer realm="shop", error="invalid_token"'),
        ("Bearer \xe9", 401, 'Bearer realm="shop", error="invalid_token"'),
    ],
)
def test_a_header_that_holds_no_good_token_is_answered_as_rfc_6750_says(client, header, status, challenge):
    answer = client.get("/plain", headers={"Authorization": header})
    assert answer.status_code == status
    assert answer.headers["WWW-Authenticate"].startswith(challenge)
    assert ("error" in answer.headers["WWW-Authenticate"]) == ("error" in challenge)
    assert list(answer.json) == ["msg"]


def test_a_token_in_the_address_or_the_body_is_no_token(client, make_token):
    assert client.get(f"/plain?access_token={make_token()}").json == MISSING
    assert client.post("/write", data={"access_token": make_token()}).json == MISSING


@pytest.mark.parametrize("path", ["/public", "/public-above"])
def test_a_public_route_does_not_look_at_tokens(client, path):
    assert client.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 200


def test_an_optional_token_must_be_good_if_it_is_sent(client, bearer):
    assert client.get("/optional").json == {"user": None}
    assert client.get("/optional", headers=bearer()).json == {"user": "7f3c"}
    assert client.get("/optional", headers={"Authorization": "Bearer nonsense"}).status_code == 401


@pytest.mark.parametrize(
    ("call", "scope", "status", "needed"),
    [
        ("post /write", "products:write products:read", 200, None),
        ("post /write", "products:write", 403, "products:read products:write"),
        ("post /write", "products:writer products:read", 403, "products:read products:write"),
        ("post /write", "", 403, "products:read products:write"),
        ("get /any", "staff", 200, None),
        ("get /any", "guest", 403, "admin staff"),
        ("get /decides", "", 403, "later"),
    ],
)
def test_scopes_are_demanded_and_named_when_they_are_missing(bearer, client, call, scope, status, needed):  # noqa: PLR0913, PLR0917 - a table
    method, path = call.split()
    answer = client.open(path, method=method, headers=bearer(scope=scope))
    assert answer.status_code == status
    if needed:
        challenge = answer.headers["WWW-Authenticate"]
        assert 'error="insufficient_scope"' in challenge
        assert f'scope="{needed}"' in challenge
        assert list(answer.json) == ["msg"]


@pytest.mark.parametrize(
    ("path", "age", "acr", "challenge"),
    [
        ("/recent", 30, None, None),
        ("/recent", 60, None, None),
        ("/recent", 61, None, 'max_age="60"'),
        ("/recent", None, None, 'max_age="60"'),
        ("/strong", 1, "mfa", None),
        ("/strong", 1, "pwd", 'acr_values="phr mfa", max_age="60"'),
        ("/strong", 1, None, 'acr_values="phr mfa"'),
        ("/strong", None, "mfa", 'max_age="60"'),
    ],
)
def test_a_stronger_login_is_asked_for_as_rfc_9470_says(client, make_token, path, age, acr, challenge):  # noqa: PLR0913, PLR0917 - a table
    auth_time = None if age is None else int(make_token.clock()) - age
    token = make_token(auth_time=auth_time, acr=acr)
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    if challenge is None:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 401
        assert 'error="insufficient_user_authentication"' in answer.headers["WWW-Authenticate"]
        assert challenge in answer.headers["WWW-Authenticate"]


def test_what_cannot_be_told_is_503_with_retry_after_and_no_challenge(client, bearer):
    answer = client.get("/fresh", headers=bearer())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert "WWW-Authenticate" not in answer.headers


def test_keys_that_are_not_there_yet_are_503(clock):
    class NoKeys:
        def verify(self, *_, **__):
            raise KeysUnavailableError

    app, _ = build(NoKeys(), clock)
    assert app.test_client().get("/plain", headers={"Authorization": "Bearer x"}).status_code == 503


def test_unknown_addresses_and_methods_are_flasks_own_answers(client):
    assert client.get("/nowhere").status_code == 404
    assert client.put("/plain").status_code == 405
    assert client.get("/static/missing.css").status_code == 404


def test_a_preflight_needs_no_token_and_head_does(client):
    assert client.options("/plain").status_code == 200
    assert client.head("/plain").status_code == 401


def test_a_hand_written_options_is_protected(verifier):
    app = Flask(__name__)
    Guard(app, verifier=verifier)
    app.add_url_rule("/x", view_func=lambda: Response("secret"), methods=["GET", "OPTIONS"], endpoint="x")
    assert app.test_client().options("/x").status_code == 401


def test_a_view_that_is_only_called_static_is_protected(verifier):
    app = Flask(__name__, static_folder=None)
    Guard(app, verifier=verifier)
    app.add_url_rule("/secret", endpoint="static", view_func=lambda: "secret")
    assert app.test_client().get("/secret").status_code == 401


def test_files_of_a_blueprint_are_public_and_its_views_are_not(verifier, clock, tmp_path, bearer):
    (tmp_path / "style.css").write_text("p {}")
    app = Flask(__name__)
    guard = Guard(app, verifier=verifier, clock=clock)
    pages = Blueprint("pages", __name__, static_folder=str(tmp_path), url_prefix="/pages")

    @pages.get("/a")
    @guard.require("a")
    def a():
        return {}

    app.register_blueprint(pages)
    client = app.test_client()
    with client.get(f"/pages/{tmp_path.name}/style.css") as file:
        assert file.status_code == 200
    assert client.get("/pages/a").status_code == 401
    assert client.get("/pages/a", headers=bearer(scope="a")).status_code == 200


def test_each_method_of_a_class_may_have_its_own_mark(verifier, clock, bearer):
    app = Flask(__name__)
    guard = Guard(app, verifier=verifier, clock=clock)

    class Item(MethodView):
        @guard.public
        def get(self):
            return {}

        @guard.require("w")
        def put(self):
            return {}

        def delete(self):
            return {}

    class Page(View):
        decorators = (guard.public,)

        def dispatch_request(self):
            return {}

    app.add_url_rule("/item", view_func=Item.as_view("item"))
    app.add_url_rule("/page", view_func=Page.as_view("page"))
    client = app.test_client()
    assert client.get("/item").status_code == 200
    assert client.head("/item").status_code == 200
    assert client.put("/item", headers=bearer()).status_code == 403
    assert client.delete("/item").status_code == 401
    assert client.get("/page").status_code == 200


def test_one_request_never_sees_the_token_of_another(app_and_guard, bearer):
    app, _ = app_and_guard
    with app.app_context():
        client = app.test_client()
        assert client.get("/optional", headers=bearer()).json == {"user": "7f3c"}
        assert client.get("/public").json == {"token": False}
        assert client.get("/optional").json == {"user": None}


def test_two_applications_with_one_guard_keep_their_own_views(verifier, clock):
    guard = Guard(verifier=verifier, clock=clock)
    open_app, closed_app = Flask("open"), Flask("closed")
    guard.init_app(open_app)
    guard.init_app(closed_app)
    open_app.add_url_rule("/", "index", guard.public(lambda: "open"))
    closed_app.add_url_rule("/", "index", lambda: "closed")
    assert open_app.test_client().get("/").status_code == 200
    assert closed_app.test_client().get("/").status_code == 401


def test_without_a_token_there_is_nothing_to_ask(app_and_guard):
    app, _ = app_and_guard
    with app.test_request_context("/public"):
        assert not current_token
        with pytest.raises(RuntimeError):
            _ = current_token.subject


def test_a_requirement_can_be_read_back_for_documentation(app_and_guard):
    views = app_and_guard[0].view_functions
    assert requirement_of(views["plain"]) == Requirement()
    assert requirement_of(views["public"]).kind is Access.PUBLIC
    assert requirement_of(views["optional"]).kind is Access.OPTIONAL
    assert requirement_of(views["static"]).kind is Access.PUBLIC
    assert requirement_of(views["write"]).all_of == {"products:write", "products:read"}
    assert requirement_of(views["any_of"]).any_of == {"admin", "staff"}
    assert requirement_of(views["strong"]) == Requirement(acr=("phr", "mfa"), max_age=60)
    assert requirement_of is requirement_of_view


def test_marks_add_up(app_and_guard):
    _, guard = app_and_guard
    view = guard.require("a", max_age=60, any_of=["x"])(
        guard.require("b", max_age=30, acr=["mfa"], fresh=True)(lambda: "")
    )
    assert requirement_of(view) == Requirement(
        all_of=frozenset({"a", "b"}), any_of=frozenset({"x"}), max_age=30, acr=("mfa",), fresh=True
    )


def test_marks_that_contradict_each_other_are_refused(app_and_guard):
    _, guard = app_and_guard
    for first, second in [
        (guard.public, guard.require("a")),
        (guard.require("a"), guard.optional),
        (guard.require(any_of=["a"]), guard.require(any_of=["b"])),
        (guard.require(acr=["a"]), guard.require(acr=["b"])),
    ]:
        with pytest.raises(ConfigurationError):
            second(first(lambda: ""))


@pytest.mark.parametrize("scope", ["", "two words", 'quo"te', "back\\slash", "caf\xe9", lambda: "a view"])
def test_what_is_no_scope_is_refused_where_it_is_written(app_and_guard, scope):
    with pytest.raises(ConfigurationError, match="A scope is"):
        app_and_guard[1].require(scope)


def test_a_guard_that_protects_nothing_says_so():
    with pytest.raises(ConfigurationError, match="init_app"):
        _ = Guard().verifier


def test_the_core_works_without_flask():
    program = (
        "import sys; sys.modules['flask'] = None; import gapura; gapura.Verifier; print(gapura.AccessToken.__name__)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "AccessToken"


def test_a_name_that_is_not_there_is_an_attribute_error():
    import gapura  # noqa: PLC0415

    with pytest.raises(AttributeError, match="nonsense"):
        _ = gapura.nonsense


def test_every_exported_name_is_there():
    import gapura  # noqa: PLC0415

    assert [name for name in gapura.__all__ if not hasattr(gapura, name)] == []


def test_tokens_of_parallel_requests_do_not_mix(app_and_guard, bearer):
    app, _ = app_and_guard
    wrong = []

    def ask(name):
        headers = bearer(preferred_username=name)
        answers = [app.test_client().get("/plain", headers=headers).json["user"] for _ in range(20)]
        wrong.extend(set(answers) - {name})

    threads = [threading.Thread(target=ask, args=(f"user{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_refusal_takes_less_than_10_milliseconds(client, make_token, cpu_seconds):
    good = make_token()
    for token in (good[:-2], "A" * 20_000, good + ".x", "a.b.c", make_token(exp=1), make_token(aud="other")):
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/plain", headers=headers).status_code == 401
        assert cpu_seconds(lambda headers=headers: client.get("/plain", headers=headers)) < 0.01


def test_one_function_may_stand_in_two_applications(verifier, bearer):
    def page():
        return {"user": current_token.username if current_token else None}

    def report():
        return {}

    for name in ("first", "second"):
        app = Flask(name)
        guard = Guard(app, verifier=verifier)
        app.get("/page")(guard.public(page))
        app.get("/report")(guard.require("a", any_of=["b", "c"], acr=["mfa"])(report))
        client = app.test_client()
        assert client.get("/page").json == {"user": None}
        assert client.get("/report").status_code == 401
        assert client.get("/report", headers=bearer(scope="a c", acr="mfa")).status_code == 200
    with pytest.raises(ConfigurationError, match="keep one"):
        guard.optional(page)
