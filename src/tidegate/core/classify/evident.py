"""Tokens that their own structure gives away, without a prefix and without words near them."""

from tidegate.core.classify.patterns import ALNUM, DIGITS

_HEX = b"0123456789abcdef"
_WORD = ALNUM + b"_-"
_FEWEST_DISTINCT = 12
_TWITTER = b"A" * 21
_TWITTER_LEAST = 100
_SNOWFLAKES = (b"MT", b"Mj", b"Mz", b"ND", b"NT", b"Nj", b"Nz", b"OD", b"OT")
"""How base64 of a number of 17 to 19 digits begins."""
_AZURE_MARKS = (b"JQQJ99", b"AZDO", b"+ASt", b"ACDb", b"AzFu", b"AzSe", b"AIoT", b"APIM", b"AzCa", b"AAAAACOG")


def evident(run: bytes) -> tuple[str, str, int] | None:
    """Label, detector and length of the token that a run of letters, digits, `_-+/.~` is; None for another."""
    run = run.rstrip(b".-/")
    detector = _detector(run, len(run))
    return (f"secret.{detector}", detector, len(run)) if detector else None


def _detector(run: bytes, size: int) -> str:
    if run[4:6] == b"Q~":
        return "azure_ad_secret" if 37 <= size <= 40 and run[3] in DIGITS and _is_varied(run) else ""
    if run[32:35] == b"-us":
        return "mailchimp_key" if not run[:32].strip(_HEX) and run[35:].isdigit() else ""
    if size == 40 and run.endswith(b"_mmk"):
        return "maxmind_key"
    if size == 84 and not run.strip(ALNUM) and any(mark in run for mark in _AZURE_MARKS):
        return "azure_key"
    if run.startswith(_TWITTER):
        return "twitter_bearer" if size >= _TWITTER_LEAST and _is_varied(run) else ""
    return "discord_token" if run.startswith(_SNOWFLAKES) and run.count(b".") == 2 and _is_discord(run) else ""


def _is_varied(run: bytes) -> bool:
    return len(set(run)) >= _FEWEST_DISTINCT


def _is_discord(run: bytes) -> bool:
    who, when, signature = run.split(b".")
    return (
        23 <= len(who) <= 28
        and len(when) == 6
        and 27 <= len(signature) <= 40
        and not run.replace(b".", b"").strip(_WORD)
    )
