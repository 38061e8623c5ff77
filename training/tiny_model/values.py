"""Tags as the gateway writes them, and the raw values that they stand for.

A tag reads `⟦pii.email:k7f2q9m3⟧`: a dotted lower-case label, a colon, and 8 to 10 characters of lower-case base32
without i, l, o and u. A model behind the gateway is useful only if it copies tags back exactly, so most copying in
the training data is of tags. All raw values are made up here; none belongs to anyone.
"""

from __future__ import annotations

from collections.abc import Callable

from training.tiny_model.draw import Draw
from training.tiny_model.words import ACTIONS, ADJECTIVES, NOUNS, TOPICS, words

TAG_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
OPEN, CLOSE = "⟦", "⟧"
LOWER_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789"
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

LABELS = (
    "pii.email", "pii.phone", "pii.person", "pii.address", "pii.dob", "pii.ip", "pii.passport", "pii.username",
    "pii.location", "gov.us_ssn", "gov.us_itin", "gov.uk_nino", "gov.passport", "gov.tax_id", "gov.driver_licence",
    "bank.iban", "bank.account", "bank.bic", "bank.us_routing", "pci.pan", "pci.cvv", "phi.mrn", "phi.npi",
    "phi.diagnosis", "phi.insurance_id", "secret.api_key", "secret.aws_access_key", "secret.token", "secret.jwt",
    "secret.private_key", "secret.password", "secret.github_token", "secret.connection_string", "customer.id",
    "customer.config", "customer.name", "customer.contract", "code.proprietary", "code.source",
)  # fmt: skip
LABEL_AREAS = words("pii gov bank pci phi secret customer code org legal staff crypto device health finance")


def tag_of(draw: Draw, label: str) -> str:
    length = draw.one((8, 8, 8, 9, 10))
    return f"{OPEN}{label}:{draw.letters(TAG_ALPHABET, length, length)}{CLOSE}"


def label(draw: Draw) -> str:
    """The gateway's own labels in training; in scoring, and half of the time anyway, one that nobody has listed."""
    if not draw.held_out and draw.happens(0.5):
        return draw.one(LABELS)
    return draw.one((
        f"{draw.word(LABEL_AREAS)}.{draw.word(NOUNS)}",
        f"{draw.word(LABEL_AREAS)}.{draw.word(NOUNS)}_{draw.word(NOUNS)}",
        f"{draw.word(LABEL_AREAS)}.{draw.word(ADJECTIVES)}_{draw.word(NOUNS)}",
        f"{draw.word(NOUNS)}.{draw.word(NOUNS)}", f"{draw.invented_word()}.{draw.invented_word()}",
    ))  # fmt: skip


def tag(draw: Draw) -> str:
    """Nine of ten tags have the gateway's own form; the others keep the model from relying on it alone."""
    if draw.happens(0.9):
        return tag_of(draw, label(draw))
    return draw.one(
        (
            f"{OPEN}{draw.word(NOUNS).upper()}_{draw.number(1, 30)}{CLOSE}",
            f"{OPEN}{draw.invented_word()}:{draw.letters('0123456789abcdef', 4, 8)}{CLOSE}",
        )
    )


def email(draw: Draw) -> str:
    user = draw.one((draw.invented_word(), f"{draw.invented_word()}.{draw.invented_word()}", draw.word(TOPICS)))
    return f"{user}@{draw.invented_word()}.{draw.one(('com', 'org', 'net', 'de', 'io', 'example'))}"


def phone(draw: Draw) -> str:
    digits = "0123456789"
    return draw.one(
        (
            f"+{draw.number(1, 99)} {draw.letters(digits, 2, 3)} {draw.letters(digits, 6, 7)}",
            f"({draw.number(200, 989)}) 555-{draw.letters(digits, 4, 4)}",
            f"0{draw.letters(digits, 9, 10)}",
        )
    )


def social_security_number(draw: Draw) -> str:
    return f"{draw.number(100, 899)}-{draw.number(10, 99)}-{draw.number(1000, 9999)}"


def reference(draw: Draw) -> str:
    return draw.one(
        (
            f"{draw.letters(CAPITALS, 2, 4)}-{draw.number(100, 99999)}",
            draw.letters(LOWER_AND_DIGITS, 5, 12),
            str(draw.number(10, 10 ** draw.number(2, 9))),
            f"{draw.invented_word()}-{draw.number(1, 999)}-{draw.invented_word().upper()}",
        )
    )


def path(draw: Draw) -> str:
    return f"/{draw.invented_word()}/{draw.word(NOUNS)}.{draw.one(('txt', 'md', 'csv', 'json', 'py'))}"


def action(draw: Draw) -> str:
    return draw.word(ACTIONS).replace("_", " ")


RAW: tuple[Callable[[Draw], str], ...] = (email, phone, social_security_number, reference, Draw.full_name)


def raw_value(draw: Draw) -> str:
    return draw.one(RAW)(draw)


def value(draw: Draw, *, tagged: float = 0.65) -> str:
    """A tag, as it looks behind the gateway, or a raw value, as a local model sees it."""
    return tag(draw) if draw.happens(tagged) else raw_value(draw)
