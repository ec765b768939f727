import pytest
from pydantic import ValidationError

from gapura_chassis.api import Body


class Everything(Body):
    labels: dict[str, str] | None = None
    names: list[str] | None = None
    weight: float = 0.0


@pytest.mark.parametrize(
    "members",
    [
        {"labels": {"a": "\0"}},
        {"labels": {"\0": "a"}},
        {"names": ["a", "\0"]},
        {"weight": float("nan")},
        {"weight": float("inf")},
    ],
)
def test_what_no_database_can_hold_is_refused_wherever_it_stands(members):
    with pytest.raises(ValidationError):
        Everything.model_validate(members)
    assert Everything.model_validate({"labels": {"a": "b"}, "names": ["c"], "weight": 1.5}).weight == 1.5
