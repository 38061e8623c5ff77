"""Cards, accounts and wallets. Rows; ranges, lengths and check digits are in `money.py`."""

# ruff: noqa: E501 - rows are tables: a pattern or a list of cues reads better in one line than in five

from tidegate.core.classify import money
from tidegate.core.classify.rows import BuiltIn, Cued, Row, Shaped

_CARD = (" card", " visa", " mastercard", " amex", " american express", " credit", " debit", " pan ", " cc ", " maestro", " karte", " carte", " tarjeta")  # fmt: skip

ROWS: tuple[Row, ...] = (
    Shaped(
        label="pci.pan",
        name="pan",
        about="payment card number: issuer range, length and Luhn",
        shapes={
            "0000 0000 0000 0000": 0.95,
            "0000-0000-0000-0000": 0.95,
            "0000.0000.0000.0000": 0.85,
            "0000 000000 00000": 0.95,
            "0000-000000-00000": 0.95,
            "0000 000000 0000": 0.9,
            "0000-000000-0000": 0.9,
            "0000 0000 0000 0000 000": 0.95,
            "000000 0000000000000": 0.85,
            "00000000 00000000": 0.85,
            "0000000000000000": 0.8,
            "000000000000000": 0.7,
            "00000000000000": 0.55,
            "0000000000000": 0.5,
            "00000000000000000": 0.45,
            "000000000000000000": 0.45,
            "0000000000000000000": 0.45,
            "000000000000": 0.2,
        },
        valid=money.pan,
        cues=_CARD,
    ),
    Shaped(
        label="pci.pan",
        name="card_number",
        about="number behind card words: Luhn, whatever the issuer",
        shapes=dict.fromkeys(("0" * n for n in range(12, 20)), 0.1)
        | {"0000 0000 0000 0000": 0.2, "0000-0000-0000-0000": 0.2},
        valid=money.luhn_number,
        cues=_CARD,
    ),
    Cued(
        label="pci.cvv",
        name="cvv",
        about="card verification value: three or four digits behind CVV, CVC, security code",
        keywords=("cvv", "cvc", "cvv2", "cvc2", "cid", "security code", "card verification"),
        pattern=r"(?i)(?:cvv2?|cvc2?|cid|security code|card verification (?:code|value|number))[\s:#=.\x22'\x1e-]*(?:(?:is|no|number|code)[\s:]+)?(\d{3,4})\b",
        digits=True,
        reach=40,
        score=0.85,
    ),
    BuiltIn(
        label="pci.track", name="track2", about="magnetic stripe, track 2: start sentinel, card number, separator, data"
    ),
    Cued(
        label="pci.track",
        name="track1",
        about="magnetic stripe, track 1: %B, card number, name, data",
        keywords=("%b*",),
        pattern=r"(%B\d+\^[A-Za-z /.'-]+\^\d{4,}[^\s?\x1e]*\??)",
        valid=lambda text: money.pan(text[2 : text.index("^")]),
        reach=120,
        score=0.95,
    ),
    BuiltIn(label="bank.iban", name="iban", about="IBAN: country, length and MOD 97-10, with or without spaces"),
    Cued(
        label="bank.swift",
        name="swift",
        about="SWIFT or BIC code behind those words",
        keywords=("swift", "bic", "bic/swift", "swift_code"),
        pattern=r"(?i:swift|bic)(?i:[\s:#=./\x22'\x1e_-]|code|bic|swift|is|number|no)*\b([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b",
        valid=lambda text: text[4:6] in money.COUNTRIES,
        reach=56,
    ),
    Shaped(
        label="bank.us_routing",
        name="us_routing",
        about="US bank routing number",
        shapes={"000000000": 0.15, "0000-0000-0": 0.3},
        valid=money.us_routing,
        cues=(" routing", " aba ", " rtn", " transit"),
    ),
    Cued(
        label="bank.uk_sort_code",
        name="uk_sort_code",
        about="UK sort code: six digits in pairs behind those words",
        keywords=("sort code", "sort-code", "sortcode", "sort_code"),
        pattern=r"(?i:sort[ _-]?code)(?i:[\s:#=.\x22'\x1e]|is|no|number)*(\d{2}[- ]?\d{2}[- ]?\d{2})\b",
        digits=True,
        reach=40,
    ),
    Cued(
        label="bank.account",
        name="bank_account",
        about="account number of six to seventeen digits behind account, acct, a/c, konto, compte",
        keywords=(
            "account",
            "acct",
            "a/c",
            "kontonummer",
            "konto",
            "compte",
            "cuenta",
            "accountnumber",
            "account_number",
            "bank account",
        ),
        pattern=(
            r"(?i)(?:account|acct|a/c|kontonummer|konto|compte|cuenta)(?:[\s:#=.,\x22'\x1e_()-]|number|num|nr|no|n\xc2\xb0|is|id|ending|in|with|bank|the|my|of|de|and|for|checking|savings)*\b"
            r"(\d[\d -]*\d)\b"
        ),
        valid=lambda text: 6 <= sum(c.isdigit() for c in text) <= 17 and text.count(" ") <= 4,
        digits=True,
        reach=64,
        score=0.7,
    ),
    Cued(
        label="bank.crypto_wallet",
        name="ethereum_address",
        about="Ethereum address",
        keywords=("0x*",),
        pattern=r"(0x[0-9a-fA-F]{40})\b",
        reach=44,
        score=0.8,
    ),
    Cued(
        label="bank.crypto_wallet",
        name="bitcoin_segwit",
        about="Bitcoin bech32 address",
        keywords=("bc1*",),
        pattern=r"((?:bc1[02-9ac-hj-np-z]+|BC1[02-9AC-HJ-NP-Z]+))\b",
        valid=money.bech32,
        reach=96,
        score=0.95,
    ),
    Cued(
        label="bank.crypto_wallet",
        name="bitcoin_address",
        about="Bitcoin address with its base58 check, near the word",
        keywords=("bitcoin", "btc", "wallet", "crypto", "satoshi"),
        pattern=r"\b([13][1-9A-HJ-NP-Za-km-z]+)\b",
        valid=money.bitcoin,
        around=True,
        digits=True,
        reach=120,
        score=0.95,
    ),
)
