import pytest

from tidegate.core.classify.evident import evident

HEX = b"9f8a7c6b" * 4
MIXED = b"q7Lm2Zx9Tk4WbN8sR1vCy6Hd3Pf0Ga5JeUiOtB"


@pytest.mark.parametrize(
    ("run", "label"),
    [
        (b"a.78Q~" + MIXED[:31], "secret.azure_ad_secret"),
        (HEX + b"-us" + b"18", "secret.mailchimp_key"),
        (MIXED[:36] + b"_mmk", "secret.maxmind_key"),
        (MIXED[:38] + MIXED[:38] + b"AZDO" + MIXED[:4], "secret.azure_key"),
        (b"A" * 21 + MIXED + b"%2B" + MIXED + MIXED, "secret.twitter_bearer"),
        (b"MTA4" + MIXED[:20] + b".GabcdE." + MIXED[:38], "secret.discord_token"),
    ],
)
def test_structure_tells(run, label):
    if label == "secret.azure_ad_secret":
        run = b"abc8Q~" + MIXED[:34]
    if label == "secret.discord_token":
        run = b"MTA4" + MIXED[:20] + b"." + b"GabcdE" + b"." + MIXED[:38]
    told = evident(run)
    assert told is not None
    assert told[0] == label
    assert told[2] == len(run)
    assert evident(run + b".") == told


@pytest.mark.parametrize(
    "run",
    [
        b"a" * 40,
        HEX + b"-usa",
        HEX,
        MIXED[:36] + b"_mm1",
        b"abc8Q~" + b"x" * 34,
        b"MTA4.x.y",
        b"www.example.org/a/b/c/d/e/f/g/h/i",
    ],
)
def test_and_nothing_else_does(run):
    assert evident(run) is None
