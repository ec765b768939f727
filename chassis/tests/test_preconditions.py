import pytest
from werkzeug.http import parse_etags

from gapura_chassis.errors import PreconditionFailed, PreconditionRequired
from gapura_chassis.preconditions import entity_tag, is_unchanged, require_match


@pytest.mark.parametrize("header", ['"v3"', '"v1", "v3"', "*", ' "v3" '])
def test_a_change_passes_with_the_present_version(header):
    require_match(header, 3)


@pytest.mark.parametrize("header", ['"v2"', 'W/"v3"', '"V3"', "", '"v33"', '"', '"v3'])
def test_a_change_of_another_version_does_not(header):
    with pytest.raises(PreconditionFailed):
        require_match(header, 3)


def test_a_change_must_say_which_version_it_changes():
    with pytest.raises(PreconditionRequired):
        require_match(None, 3)


@pytest.mark.parametrize(("header", "unchanged"), [('"v3"', True), ('W/"v3"', True), ("*", True), ('"v2"', False)])
def test_what_the_caller_holds_already_is_not_sent_again(header, unchanged):
    assert is_unchanged(parse_etags(header), 3) is unchanged
    assert entity_tag(3) == '"v3"'
