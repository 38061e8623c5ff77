"""Links that carry a person's data in their query, or lead to a person's page."""

# ruff: noqa: E501 - lists of words read better in few lines

from collections.abc import Iterable

from tidegate.core.classify.patterns import run_length, tail_length
from tidegate.core.classify.rows import Hit

_NAMES = (
    "email", "e-mail", "mail", "user", "username", "user_id", "userid", "uid", "login", "name", "firstname", "first_name", "fname", "lastname",
    "last_name", "lname", "fullname", "full_name", "phone", "tel", "mobile", "dob", "birthdate", "birthday", "ssn", "address", "street", "zip",
    "postcode", "session", "sessionid", "session_id", "sid", "customer", "customer_id", "patient", "patient_id", "account", "recipient",
)  # fmt: skip
_PROFILES = (
    "linkedin.com/in/",
    "facebook.com/profile.php?id=",
    "wa.me/",
    "instagram.com/",
    "xing.com/profile/",
    "t.me/+",
)
KEYWORDS = (*(f"*{mark}{name}=*" for mark in "?&" for name in _NAMES), *(f"*{profile}*" for profile in _PROFILES))
_STOPS = b" \t\r\n\"'`<>\\^{}|\x1e\x00"
_LINK = bytes(b for b in range(256) if b not in _STOPS)
_VALUE = bytes(b for b in _LINK if b not in b"&#;,)]")
_BEFORE_BYTES, _BEHIND_BYTES = 160, 200
_FEWEST = 2
_PLACEHOLDERS = (b"$", b":", b"%7b", b"%s", b"[", b"(", b"your", b"xxx", b"...", b"*")


def link(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """The whole link around a keyword, where a value follows that is no placeholder."""
    before = data[max(0, start - _BEFORE_BYTES) : start]
    low = start - tail_length(before, _LINK)
    head = data[low:end].find(b"://")
    if head < 0 and b"." not in data[low:end].partition(b"/")[0]:
        return ()
    behind = data[end : end + _BEHIND_BYTES]
    value = behind[: run_length(behind, _VALUE)].lower()
    if len(value) < _FEWEST or value.startswith(_PLACEHOLDERS):
        return ()
    whole = behind[: run_length(behind, _LINK)].rstrip(b".,;:!?)]")
    low += max(0, data[low:start].rfind(b"(") + 1)
    return (Hit(low, end + len(whole), "pii.url", 0.85, "url_with_user_data"),)
