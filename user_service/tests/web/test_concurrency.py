from concurrent.futures import ThreadPoolExecutor

MANY = 50


def together(action):
    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(action, range(MANY)))


def test_many_first_requests_at_once_make_one_profile(open_app, issuer, database_url):
    app, headers = open_app(database_url, threads=20), issuer.headers("s-1", "user1", "users:read")
    answers = together(lambda _: app.test_client().get("/users/me", headers=headers))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert len(app.test_client().get("/users", headers=headers).json["users"]) == 1


def test_of_many_changes_of_one_version_one_is_made(open_app, issuer, database_url):
    app, headers = open_app(database_url, threads=20), issuer.headers("s-1")
    headers["If-Match"] = app.test_client().get("/users/me", headers=headers).headers["ETag"]
    answers = together(
        lambda turn: app.test_client().patch("/users/me", headers=headers, json={"name": f"Name {turn}"})
    )
    made = [answer for answer in answers if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (MANY - 1)
    assert app.test_client().get("/users/me", headers=headers).json == made[0].json


def test_no_change_is_lost_where_everybody_reads_again(open_app, issuer, database_url):
    app, headers = open_app(database_url, threads=20), issuer.headers("s-1")
    first = app.test_client().get("/users/me", headers=headers).json["version"]

    def insist(turn: int) -> None:
        client, status = app.test_client(), 412
        while status == 412:
            etag = client.get("/users/me", headers=headers).headers["ETag"]
            change = {"nickname": f"Nick {turn}"}
            status = client.patch("/users/me", headers=headers | {"If-Match": etag}, json=change).status_code
        assert status == 200

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(insist, range(20)))
    assert app.test_client().get("/users/me", headers=headers).json["version"] == first + 20


def test_a_deletion_and_first_requests_at_once_leave_nothing_half_done(open_app, issuer, database_url):
    app = open_app(database_url, threads=20)
    person, admin = issuer.headers("s-1"), issuer.headers("s-2", "admin", "users:write") | {"If-Match": "*"}

    def act(turn: int) -> int:
        if turn % 2:
            return app.test_client().delete("/users/s-1", headers=admin).status_code
        return app.test_client().get("/users/me", headers=person).status_code

    statuses = together(act)
    assert set(statuses[::2]) == {200}
    assert set(statuses[1::2]) <= {204, 404, 412}
    assert app.test_client().get("/users/me", headers=person).status_code == 200
