import re
from pathlib import Path

import pytest
from flask import Flask

from gapura import ConfigurationError, Guard, current_token
from gapura_auth.testing import open_auth_service


@pytest.fixture
def app():
    app = Flask(__name__)
    guard = Guard(app)

    @app.get("/")
    def index():
        return {"user": current_token.username, "sub": current_token.subject}

    @app.post("/products")
    @guard.require("products:write")
    def add():
        return {}

    @app.get("/exact")
    @guard.require(fresh=True)
    def exact():
        return {}

    return app


@pytest.fixture
def ask(app, gapura_auth_service):
    gapura_auth_service.connect(app)

    def send(token, path="/", method="GET"):
        return app.test_client().open(path, method=method, headers={"Authorization": f"Bearer {token}"})

    return send


def test_a_user_logs_in_is_let_through_logs_out_and_is_refused(gapura_auth_service, ask):
    sub = gapura_auth_service.create_user("ani")
    token = gapura_auth_service.login("ani")
    assert ask(token).json == {"user": "ani", "sub": sub}
    gapura_auth_service.logout(token)
    answer = ask(token)
    assert (answer.status_code, answer.json) == (401, {"msg": "Token has been revoked"})


def test_other_sessions_live_on_unless_all_are_ended(gapura_auth_service, ask):
    gapura_auth_service.create_user("ani")
    first, second, third = (gapura_auth_service.login("ani") for _ in range(3))
    gapura_auth_service.logout(first)
    assert [ask(token).status_code for token in (first, second, third)] == [401, 200, 200]
    gapura_auth_service.logout(second, everywhere=True)
    assert [ask(token).status_code for token in (second, third)] == [401, 401]


def test_scopes_and_roles_are_those_that_were_given(gapura_auth_service, ask):
    gapura_auth_service.create_user("ani", scopes=["products:write"])
    gapura_auth_service.create_user("budi", roles=["admin"])
    gapura_auth_service.create_user("cici", roles=["clerk"])
    codes = [ask(gapura_auth_service.login(name), "/products", "POST").status_code for name in ("ani", "budi", "cici")]
    assert codes == [200, 200, 403]


def test_a_disabled_account_is_out_at_once(gapura_auth_service, ask):
    gapura_auth_service.create_user("ani")
    token = gapura_auth_service.login("ani")
    assert ask(token).status_code == 200
    gapura_auth_service.disable("ani")
    assert ask(token).status_code == 401
    with pytest.raises(AssertionError, match="answered 401"):
        gapura_auth_service.login("ani")


def test_who_registers_can_log_in_and_the_rules_for_passwords_are_the_real_ones(gapura_auth_service, ask):
    assert gapura_auth_service.register("ani").status_code == 201
    assert ask(gapura_auth_service.login("ani")).status_code == 200
    assert gapura_auth_service.register("budi", "password").status_code == 422


def test_time_passes_when_it_is_told_to(gapura_auth_service, ask):
    gapura_auth_service.create_user("ani")
    token = gapura_auth_service.login("ani")
    gapura_auth_service.clock.advance(gapura_auth_service.settings.access_token_seconds)
    assert ask(token).json == {"msg": "Token has expired"}


def test_revocations_are_known_up_to_date(gapura_auth_service, ask):
    gapura_auth_service.create_user("ani")
    token = gapura_auth_service.login("ani")
    gapura_auth_service.clock.advance(60)
    assert ask(token, "/exact").status_code == 200


def test_a_service_that_knows_nothing_of_a_list_is_no_answer(gapura_auth_service):
    (status,) = gapura_auth_service.verifier().key_statuses()
    assert status.is_ready
    (issuer,) = gapura_auth_service.verifier().issuers
    issuer.keys.url += "/missing"
    assert issuer.keys.status().last_error.endswith("was answered with 404 NOT FOUND")


def test_issuer_and_audience_are_those_of_the_application(tmp_path):
    shop = Flask("shop")
    Guard(shop, issuer="https://login.example", audience="shop")
    shop.add_url_rule("/", view_func=lambda: current_token.username, endpoint="index")
    for audience, status in (("shop", 200), ("other", 401)):
        with open_auth_service(tmp_path / audience, issuer="https://login.example", audience=audience) as service:
            service.connect(shop)
            service.create_user("ani")
            headers = {"Authorization": f"Bearer {service.login('ani')}"}
            assert shop.test_client().get("/", headers=headers).status_code == status


def test_an_application_that_cannot_be_connected_is_told_why(gapura_auth_service):
    app = Flask("elsewhere")
    with pytest.raises(ConfigurationError, match="no guard"):
        gapura_auth_service.connect(app)
    Guard(app, issuer="https://login.example")
    with pytest.raises(ConfigurationError, match="same issuer"):
        gapura_auth_service.connect(app)


def test_the_example_in_the_readme_of_the_guard_runs(gapura_auth_service):
    readme = (Path(__file__).parents[2] / "guard" / "README.md").read_text("utf-8").partition("## Why 401?")[0]
    names = {"__name__": "readme"}
    for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL):
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102 - it is our own text
    names["test_who_logged_out_is_refused"](gapura_auth_service)
