"""`[review]`: who reviews, under which terms, and whom to tell; every mistake with its place."""

import pytest

from tests.core.review.kit import ANNA, BEN
from tidegate import app, config
from tidegate.config.checks import webhook_mistakes
from tidegate.core.ledger.notes import Signer
from tidegate.core.review.hearing import Terms
from tidegate.core.values.errors import ConfigError

ANNAS, BENS = ANNA.verifier.vkey(), BEN.verifier.vkey()
HERE = '[boundaries.here]\nkind = "local"\n'
SKY = '[boundaries.sky]\nkind = "cloud"\n'


def reviewer(name, key, **more):
    lines = "".join(f'{word} = "{value}"\n' for word, value in {"key": key, **more}.items())
    return f"[review.reviewers.{name}]\n{lines}"


def webhook(url="http://127.0.0.1:9/hook", boundary="here", secret="env:HOOK"):
    return f'[review.webhooks.chat]\nurl = "{url}"\nboundary = "{boundary}"\nsecret = "{secret}"\n'


def load(folder, text, **environ):
    file = folder / "tidegate.toml"
    file.write_text(text)
    return config.load(file, {"HOME": str(folder), **environ})


def test_without_the_table_nobody_reviews_and_terms_are_the_defaults(tmp_path):
    rules = app.review_rules(load(tmp_path, ""))
    assert (rules.reviewers, rules.hooks, rules.most, rules.wait_s) == ({}, (), 200, 300)
    assert rules.terms == Terms(four_eyes=(), held_s=8 * 3600, approved_s=3600)


def test_what_is_written_is_what_rules(tmp_path):
    text = '[review]\nfour_eyes = ["phi", "secret"]\nheld_minutes = 30\napproved_minutes = 5\nwait_s = 0\nmost = 7\n'
    both = reviewer("anna", ANNAS, role="context") + reviewer("ben", BENS)
    rules = app.review_rules(load(tmp_path, HERE + text + both + webhook()))
    assert {name: one.role for name, one in rules.reviewers.items()} == {"anna": "context", "ben": "findings"}
    assert rules.reviewers["anna"].verifier == ANNA.verifier
    assert rules.terms == Terms(four_eyes=("phi", "secret"), held_s=1800, approved_s=300)
    assert (rules.wait_s, rules.most, rules.hooks) == (0, 7, ("chat",))


def test_the_environment_lies_over_it_and_a_worker_reads_the_same(tmp_path):
    settings = load(
        tmp_path, HERE + reviewer("anna", ANNAS) + webhook(), TIDEGATE__REVIEW__REVIEWERS__ANNA__ROLE="context"
    )
    again = config.Settings.from_document(settings.document)
    assert again.review == settings.review
    assert again.review.reviewers["anna"].role == "context"


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (reviewer("anna", "anna+0+x"), "review.reviewers.anna.key", "NAME+HEX+BASE64"),
        (reviewer("anna", ANNAS[:-1] + "A"), "review.reviewers.anna.key", "this is no key"),
        (reviewer("carl", ANNAS), "review.reviewers.carl.key", "the key is called anna"),
        (reviewer("anna", ANNAS, role="all"), "review.reviewers.anna.role", '"findings"'),
        (
            reviewer("anna", ANNAS) + reviewer("ann", Signer("ann", b"a" * 32).verifier.vkey()),
            "review.reviewers.ann.key",
            "anna has the same key",
        ),
        ('[review]\nfour_eyes = ["phi"]\n' + reviewer("anna", ANNAS), "review.four_eyes", "two reviewers"),
        ('[review]\nfour_eyes = ["PHI"]\n', "review.four_eyes", "a label"),
        ("[review]\nheld_minutes = 0\n", "review.held_minutes", "whole number"),
        ("[review]\nwait_s = 3601\n", "review.wait_s", "whole number"),
        ("[review]\nhold = 3\n", "review.hold", "no such setting"),
        (HERE + webhook(boundary="her"), "review.webhooks.chat.boundary", "there is no boundary her"),
        (HERE + webhook(secret="abc"), "review.webhooks.chat.secret", "never stands in the configuration"),
        (HERE + webhook(url="ftp://x/"), "review.webhooks.chat.url", "starts with http"),
        (HERE + webhook(url="https://u:p@x/"), "review.webhooks.chat.url", "no user and password"),
        (HERE + webhook(url="https://8.8.8.8/x"), "review.webhooks.chat.url", "its boundary is local"),
        (SKY + webhook(url="http://chat.example.com/x", boundary="sky"), "review.webhooks.chat.url", "write https://"),
        (SKY + webhook(url="https://x/y?a#b", boundary="sky"), "review.webhooks.chat.url", "percent-encoded"),
    ],
)
def test_every_mistake_has_its_place_and_what_to_do(tmp_path, text, place, says):
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    (mistake,) = error.value.mistakes
    assert f"{place}: " in mistake
    assert says in mistake


@pytest.mark.parametrize(
    ("url", "kind", "is_right"),
    [
        ("https://hooks.example.com/services/T0/B0/xyz", "cloud", True),
        ("https://prod.example.com:443/workflows/1?sig=a%2Fb&sp=%2F", "cloud", True),
        ("http://chat.internal/hook", "private", True),
        ("http://chat.internal/hook", "cloud", False),
        ("http://10.0.0.7:8065/hooks/x", "local", True),
        ("https://hooks.example.com/x y", "cloud", False),
        ("hooks.example.com", "cloud", False),
    ],
)
def test_the_address_of_a_webhook_fits_its_boundary(url, kind, is_right):
    assert (webhook_mistakes(url, kind) == []) is is_right
