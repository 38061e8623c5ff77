"""Bounded questions over HTTP: what a broken server does is a sentence with a next step."""

import socket
import threading
from contextlib import contextmanager

import pytest

from tidegate.cli import probe
from tidegate.cli.probe import Unanswered, gateway_health, gateway_state, models_of, outside


@contextmanager
def saying(raw):
    """A server that says `raw` to whoever connects, whatever they ask; None: it says nothing and stays."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stay = threading.Event()

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                if raw is None:
                    stay.wait(30)
                else:
                    connection.sendall(raw)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        stay.set()
        thread.join()


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"no http at all\r\n\r\n", "its answer is no HTTP"),
        (b"", "no connection (broken off)"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", "its list of models is none"),
        (None, "no answer within"),
    ],
)
def test_what_a_broken_server_does_is_a_sentence(raw, found, monkeypatch):
    monkeypatch.setattr(probe, "TIMEOUT_S", 0.3)
    with saying(raw) as port, pytest.raises(Unanswered) as caught:
        models_of(f"http://127.0.0.1:{port}/v1/models", {})
    assert found in str(caught.value)
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        (b'{"data":[{"id":"a"},{"id":"b/c"}]}', {"a", "b/c"}),
        (b'{"models":[{"name":"models/gemini-3-pro"}]}', {"gemini-3-pro"}),
    ],
)
def test_a_list_of_models_is_read_in_either_form(listed, names):
    with saying(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(listed), listed)) as port:
        assert models_of(f"http://127.0.0.1:{port}/v1/models", {"x-goog-api-key": "k"}) == names


def test_plain_http_where_tls_is_expected_is_told(monkeypatch):
    monkeypatch.setattr(probe, "TIMEOUT_S", 5.0)
    with saying(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port, pytest.raises(Unanswered, match=r"TLS fails"):
        models_of(f"https://127.0.0.1:{port}/v1/models", {})


def test_a_name_that_leads_nowhere_is_told(monkeypatch):
    def nowhere(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(Unanswered, match=r"its name leads nowhere"):
        models_of("http://nowhere.example/v1/models", {})
    assert outside("http://nowhere.example/v1") == ""


@pytest.mark.parametrize(
    ("addresses", "found"),
    [
        (["127.0.0.1"], ""),
        (["10.0.0.1", "fd00::1"], ""),
        (["10.0.0.1", "8.8.8.8"], "8.8.8.8"),
        (["fe80::1%eth0"], ""),
    ],
)
def test_a_public_address_behind_a_name_is_found(addresses, found, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", (one, 0)) for one in addresses])
    assert outside("http://gpu.lan/v1") == found


def test_nobody_there_is_no_gateway():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert gateway_state("127.0.0.1", port) == ""
    assert gateway_health("127.0.0.1", port) == {}
