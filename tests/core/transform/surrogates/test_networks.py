"""Addresses in what is reserved for examples."""

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.transform.surrogates.drawing import draws
from tidegate.core.transform.surrogates import networks

RESERVED = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


@given(st.integers(), st.emails())
def test_a_mailbox_is_under_a_domain_for_examples(seed, value):
    drawn = networks.email(value, draws(seed), draws("d"))
    assert drawn is None or re.fullmatch(r"[a-z]+\.[a-z]+\d\d@[a-z]+\.example(\.com|\.net|\.org)?", drawn.lower())


def test_colleagues_stay_colleagues():
    one, other = (networks.email(f"{who}@acme.test", draws(who), draws("acme.test")) for who in ("a", "b"))
    assert one != other
    assert one.partition("@")[2] == other.partition("@")[2]


@pytest.mark.parametrize("value", ["", "jane", "@acme.test", "jane@", "a b@acme.test"])
def test_what_is_no_mailbox_has_no_surrogate(value):
    assert networks.email(value, draws(), draws()) is None


@given(st.integers(), st.ip_addresses())
def test_a_machine_s_address_is_of_a_documentation_range(seed, address):
    drawn = ipaddress.ip_address(networks.ip(str(address), draws(seed)))
    assert drawn.version == address.version
    assert any(drawn in net for net in RESERVED if net.version == drawn.version)


@pytest.mark.parametrize("value", ["10.0.0.0/8", "300.1.1.1", "10.1.2", "x"])
def test_what_is_no_address_has_no_surrogate(value):
    assert networks.ip(value, draws()) is None


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("3C:22:FB:12:34:56", "00:00:5E:00:53:.."),
        ("3c-22-fb-12-34-56", "00-00-5e-00-53-.."),
        ("3c22.fb12.3456", r"0000\.5e00\.53.."),
    ],
)
def test_a_hardware_address_keeps_its_separators(value, shape):
    assert re.fullmatch(shape, networks.mac(value, draws()))
    assert networks.mac(value[:-1], draws()) is None
