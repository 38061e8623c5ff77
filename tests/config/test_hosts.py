"""Hosts by their spelling: nothing that a resolver would read as an address passes for a name."""

import pytest

from tidegate.config.hosts import is_inside, is_loopback, is_nobody, split_authority


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("localhost:1", ("localhost", 1)),
        ("Api.Example.COM", ("api.example.com", None)),
        ("[::1]:8790", ("::1", 8790)),
        ("[0:0::1]", ("::1", None)),
        ("10.0.0.7:80", ("10.0.0.7", 80)),
    ],
)
def test_an_authority_has_a_host_and_perhaps_a_port(text, parts):
    assert split_authority(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "::1",
        "a b",
        "a/b",
        "u@h",
        "h:",
        "h:65536",
        "134744072",
        "0x7f.1",
        "1.2.3",
        "1.2.3.256",
        "01.2.3.4",
        "-a",
        "a..b",
    ],
)
def test_what_is_no_authority_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        split_authority(text)


@pytest.mark.parametrize(
    ("host", "loopback", "inside", "nobody"),
    [
        ("localhost", True, True, False),
        ("127.9.9.9", True, True, False),
        ("::1", True, True, False),
        ("::ffff:127.0.0.1", True, True, False),
        ("192.168.1.1", False, True, False),
        ("fd00::1", False, True, False),
        ("8.8.8.8", False, False, False),
        ("::ffff:8.8.8.8", False, False, False),
        ("2a00::1", False, False, False),
        ("example.com", False, None, False),
        ("0.0.0.0", False, True, True),
        ("::", False, True, True),
        ("224.0.0.1", False, False, True),
    ],
)
def test_hosts_are_judged_by_what_they_spell(host, loopback, inside, nobody):
    assert is_loopback(host) is loopback
    assert is_nobody(host) is nobody
    if not nobody:
        assert is_inside(host) is inside
