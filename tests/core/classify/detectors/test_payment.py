"""Card numbers are the networks' test numbers; accounts are the registries' samples."""

import pytest

from tests.core.classify.families import Cases, assert_holds
from tidegate.core.classify.detectors.payment import ROWS

CASES = {
    "pan": Cases(
        (
            "card ‹5105 1051 0510 5100› exp 11/29, refund it",
            "‹4111-1111-1111-1111›",
            "amex ‹3782 822463 10005›",
            "pay with ‹6011111111111117› now",
            "order 12 card ‹4111 1111 1111 1111› 12/27",
        ),
        (
            "4111 1111 1111 1112",
            "1234567890123456",
            "0000 0000 0000 0000",
            "id 94111111111111111x",
            "t=1700000000000000000",
        ),
    ),
    "card_number": Cases(
        ("credit card ‹9111111111111110›", "card: ‹9111 1111 1111 1110›", "visa ‹9111-1111-1111-1110›"),
        ("batch 9111111111111110", "card 9111111111111111", "card 91111111111"),
    ),
    "cvv": Cases(
        ("CVV: ‹123›", "cvc ‹9876›", "the security code is ‹321›"),
        ("cvv", "version 123", "cvv 12", "CVC-1234567"),
    ),
    "track2": Cases(
        (
            "‹;4111111111111111=25121010000012345678?›",
            "read ‹;5105105105105100=2901101?› ok",
            "‹;378282246310005=2512101›",
        ),
        (";4111111111111112=25121010000012345678?", ";1234=5678", "x;41111111=2512"),
    ),
    "track1": Cases(
        (
            "‹%B4111111111111111^DOE/JOHN^2512101000000000?›",
            "swipe: ‹%B5105105105105100^ROE/JANE A^2901101?›",
            "‹%B378282246310005^POE/E^2512101000›",
        ),
        ("%B4111111111111112^DOE/JOHN^2512101", "date +%B", "%B^DOE/JOHN^2512101"),
    ),
    "iban": Cases(
        (
            "IBAN ‹FR1420041010050500013M02606› for Ms Okafor",
            "‹GB82 WEST 1234 5698 7654 32›",
            "‹DE89-3704-0044-0532-0130-00›, please",
            "to ‹gb82west12345698765432›.",
            "No12 ‹NL91ABNA0417164300›",
        ),
        ("GB82 WEST 1234 5698 7654 33", "GB82 WEST 1234", "XX82WEST12345698765432", "GB82WEST12345698765432X"),
    ),
    "swift": Cases(
        ("SWIFT: ‹DEUTDEFF›", "BIC ‹BOFAUS3NXXX›", "swift code is ‹CHASUS33›"),
        ("the swift developer", "DEUTDEFF", "BIC ABCDZZFF", "swift COMPUTER"),
    ),
    "us_routing": Cases(
        ("routing number ‹021000021›", "ABA ‹011401533›", "rtn: ‹0210-0002-1›"),
        ("routing number 021000022", "021000021 parcels", "routing 991000021"),
    ),
    "uk_sort_code": Cases(
        ("sort code ‹20-00-00›", "Sort-code: ‹601613›", "sort code is ‹60 16 13›"),
        ("sort code by name", "20-00-00", "sort code 20-00"),
    ),
    "bank_account": Cases(
        ("account number: ‹31926819›", "acct no ‹000123456789›", "Konto ‹1234567890›", "account ending in ‹12345678›"),
        ("on account of 3 people", "account manager since 2019", "31926819", "account 12345"),
    ),
    "ethereum_address": Cases(
        (
            "send to ‹0x52908400098527886E0F7030069857D2E4169EE7›",
            "‹0xde709f2102306220921060314715629080e2fb77›.",
            "eth=‹0x27b1fdb04752bbc536007a920d24acb045561c26›",
        ),
        ("0x1F", "0x52908400098527886E0F7030069857D2E4169EE", "0x52908400098527886E0F7030069857D2E4169EE7ab"),
    ),
    "bitcoin_segwit": Cases(
        (
            "pay ‹bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4›",
            "‹BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4›",
            "wallet: ‹bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq›",
        ),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "bc1", "abc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ),
    "bitcoin_address": Cases(
        (
            "bitcoin ‹1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa›",
            "my BTC wallet is ‹3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy›",
            "‹16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ› (btc)",
        ),
        ("bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "bitcoin 100", "wallet 3J98t1Wp"),
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_values_are_found_whole_and_others_are_left(name):
    assert_holds(CASES[name], next(row.label for row in ROWS if row.name == name))


def test_every_row_has_cases():
    assert set(CASES) == {row.name for row in ROWS}
    assert all(len(cases.found) >= 3 <= len(cases.ignored) for cases in CASES.values())
