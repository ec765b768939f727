"""Finding clients quickly, and not too long after they have changed."""

from types import SimpleNamespace

import pytest
from sqlalchemy import event

from gapura_auth.clients.administration import ClientAdministration
from gapura_auth.clients.registry import ClientRegistry

DOCUMENT = {"redirect_uris": ["https://app.example.com/callback"]}


@pytest.fixture
def administration(database, clock):
    return ClientAdministration(database, clock, lambda: "made", "test")


@pytest.fixture
def queries(database):
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    return seen


def test_a_client_that_was_just_seen_costs_no_query(database, clock, administration, queries):
    registry = ClientRegistry(database, clock)
    client, _ = administration.create(DOCUMENT)
    assert registry.find("made") == client
    queries.clear()
    clock.advance(0.9)
    assert registry.find("made") == client
    assert queries == []


def test_a_change_is_seen_after_a_second_and_at_once_in_the_process_that_made_it(database, clock, administration):
    here, elsewhere = ClientRegistry(database, clock), ClientRegistry(database, clock)
    administration.create(DOCUMENT)
    assert here.find("made")
    assert elsewhere.find("made")
    administration.delete("made")
    here.forget("made")
    assert here.find("made") is None
    assert elsewhere.find("made") is not None
    clock.advance(1)
    assert elsewhere.find("made") is None


def test_a_client_is_found_as_soon_as_it_was_created(database, clock, administration):
    registry = ClientRegistry(database, clock)
    assert registry.find("made") is None
    administration.create(DOCUMENT)
    assert registry.find("made") is not None


@pytest.mark.parametrize("client_id", ["", "\0", "a\nb", "x" * 256, "\ud800"])
def test_what_is_no_identifier_costs_no_query(database, clock, queries, client_id):
    assert ClientRegistry(database, clock).find(client_id) is None
    assert queries == []


def test_who_is_not_registered_may_have_a_document(database, clock, administration):
    asked = []
    registry = ClientRegistry(database, clock, SimpleNamespace(find=asked.append))
    administration.create(DOCUMENT)
    registry.find("made")
    registry.find("https://app.example.com/client")
    assert asked == ["https://app.example.com/client"]


def test_no_more_clients_are_kept_than_allowed(database, clock, administration, monkeypatch, queries):
    monkeypatch.setattr("gapura_auth.clients.registry.MOST_KEPT", 1)
    registry = ClientRegistry(database, clock)
    administration.create(DOCUMENT, "one")
    administration.create(DOCUMENT, "two")
    registry.find("one")
    registry.find("two")
    queries.clear()
    registry.find("two")
    assert queries == []
    registry.find("one")
    assert len(queries) > 0
