import pytest

from tests.documentation.expectation import differences, json_documents

ID = "dc73073c-6e21-4058-a185-19dc0e8ed350"
OTHER_ID = "5ad4d3f4-1c4c-4b80-a3f7-2f8d9c4d4a10"


@pytest.mark.parametrize(
    ("example", "actual"),
    [
        ({"msg": "Hello"}, {"msg": "Hello"}),
        ({"id": ID}, {"id": OTHER_ID}),
        ({"at": "2026-01-31T10:00:00Z"}, {"at": "2030-12-01T00:00:00.123456Z"}),
        ({"token": "eyJ…"}, {"token": "eyJhbGciOiJFUzI1NiJ9"}),
        ({"id": 1, "…": "…"}, {"id": 1, "name": "Laptop", "price": 2}),
        ([{"id": 1}, "…"], [{"id": 1}, {"id": 2}, {"id": 3}]),
    ],
)
def test_what_is_different_for_everybody_is_no_difference(example, actual):
    assert differences(example, actual) == []


@pytest.mark.parametrize(
    ("example", "actual", "difference"),
    [
        ({"msg": "Hello"}, {"msg": "Hallo"}, "answer.msg: 'Hallo' is not 'Hello'"),
        ({"id": ID}, {"id": "7"}, f"answer.id: '7' is not '{ID}'"),
        ({"id": 1}, {"id": True}, "answer.id: True is not 1"),
        ({"token": "eyJ…"}, {"token": "abc"}, "answer.token: 'abc' is not 'eyJ…'"),
        ({"a": 1}, {"a": 1, "b": 2}, "answer: b is not expected"),
        ({"a": 1, "…": "…"}, {"b": 2}, "answer: a is missing"),
        ([{"id": 1}], [{"id": 1}, {"id": 2}], "answer: 2 items instead of 1"),
        ([{"id": 1}, "…"], [], "answer: 0 items instead of 1"),
        ([{"id": 1}, "…"], [{"id": 2}], "answer[0].id: 2 is not 1"),
        ({"next": None}, {"next": "x"}, "answer.next: 'x' is not None"),
    ],
)
def test_everything_else_is_told_with_its_place(example, actual, difference):
    assert differences(example, actual) == [difference]


def test_several_documents_may_follow_one_another():
    assert json_documents('{"a": 1}\n{"b": [2]}  []') == [{"a": 1}, {"b": [2]}, []]
