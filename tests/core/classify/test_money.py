# ruff: noqa: E501 - tables of cases

import pytest

from tidegate.core.classify import money


@pytest.mark.parametrize(
    "digits",
    ["4111111111111111", "5555555555554444", "2223003122003222", "378282246310005", "30569309025904", "6011111111111117", "3530111333300000", "6200000000000005"],
)  # fmt: skip
def test_the_networks_test_numbers_are_cards(digits):
    assert money.pan(digits)
    assert not money.pan(digits[:-1] + str((int(digits[-1]) + 1) % 10))


@pytest.mark.parametrize("digits", ["1111111111111117", "9111111111111110", "0000000000000000", "41111111111"])
def test_other_numbers_are_no_cards_even_if_luhn_likes_them(digits):
    assert not money.pan(digits)


@pytest.mark.parametrize(
    "text",
    ["GB82WEST12345698765432", "DE89370400440532013000", "NO9386011117947", "MT84MALT011000012345MTLCAST001S", "LC55HEMM000100010012001200023015", "GI75NWBK000000007099453"],
)  # fmt: skip
def test_registry_samples_are_ibans(text):
    assert money.iban(text)
    assert not money.iban(text[:-1] + ("0" if text[-1] != "0" else "1"))
    assert not money.iban(text + "0")


def test_every_iban_country_exists():
    assert set(money.IBAN_LENGTHS) <= money.COUNTRIES
    assert all(15 <= length <= 33 for length in money.IBAN_LENGTHS.values())


@pytest.mark.parametrize("digits", ["021000021", "011401533", "322271627"])
def test_routing_numbers_pass_their_check(digits):
    assert money.us_routing(digits)
    assert not money.us_routing(digits[::-1])


def test_wallets_pass_their_checks():
    assert money.bitcoin("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")
    assert not money.bitcoin("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb")
    assert not money.bitcoin("z" * 35)
    assert money.bech32("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")
    assert money.bech32("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")
    assert not money.bech32("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5")
    assert not money.bech32("bc1b" + "q" * 30)


def test_issuer_ranges_stand_in_order_without_overlap():
    edges = [edge for low, high, _ in money._CARD_RANGES for edge in (low, high)]
    assert edges == sorted(edges)
