"""The real Presidio analyzer by its patterns alone, without a network."""

import socket

import pytest

from tidegate.adapters.detectors.presidio import open_presidio
from tidegate.core.values.errors import ConfigError


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("Presidio reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_presidios_entities_with_characters_and_scores_and_without_a_network(no_network):
    look = open_presidio("blank:en", ["EMAIL_ADDRESS", "CREDIT_CARD"])
    found = look(["Mail jane@shop.example.com or pay with 4111 1111 1111 1111", "nobody"])
    assert [(span.entity, span.start, span.end) for span in sorted(found[0], key=lambda span: span.start)] == [
        ("EMAIL_ADDRESS", 5, 26),
        ("CREDIT_CARD", 39, 58),
    ]
    assert found[1] == []
    assert all(0 < span.score <= 1 for span in found[0])


def test_an_entity_that_presidio_does_not_know_is_named():
    with pytest.raises(ConfigError, match="finds no SHOE_SIZE in en"):
        open_presidio("blank:en", ["SHOE_SIZE"])


def test_a_model_that_is_missing_is_not_downloaded(no_network):
    with pytest.raises(ConfigError, match="install it"):
        open_presidio("en_core_web_lg", ["PERSON"])
