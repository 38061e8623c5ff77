"""Words that stand around names in the templates, and things that look like names and are none: `words.txt`."""

from pathlib import Path

_LISTS = {
    name: words.strip().split("; ")
    for name, _, words in (
        line.partition(": ") for line in (Path(__file__).parent / "words.txt").read_text("utf-8").splitlines()
    )
}
JOBS = _LISTS["JOBS"]
SUBJECTS = _LISTS["SUBJECTS"]
NATIONS = _LISTS["NATIONS"]
TECHNOLOGY = _LISTS["TECHNOLOGY"]
THINGS = _LISTS["THINGS"]
BRANDS = _LISTS["BRANDS"]
COMPANY_WORDS = _LISTS["COMPANY_WORDS"]
COMPANY_TRADES = _LISTS["COMPANY_TRADES"]
SUFFIXES = _LISTS["SUFFIXES"]
PERSONAL = _LISTS["PERSONAL"]
NEVER = _LISTS["NEVER"]
STREETS = _LISTS["STREETS"]
CITIES = _LISTS["CITIES"]
COUNTRIES = _LISTS["COUNTRIES"]
STREETS_AFTER = _LISTS["STREETS_AFTER"]
STREETS_BEFORE = _LISTS["STREETS_BEFORE"]
STREETS_JOINED = _LISTS["STREETS_JOINED"]
VERBS = _LISTS["VERBS"]
MONTHS = _LISTS["MONTHS"]
DAYS = _LISTS["DAYS"]
DOMAINS = _LISTS["DOMAINS"]
SYLLABLES = _LISTS["SYLLABLES"]
LOCALES = _LISTS["LOCALES"]
SMALL = _LISTS["SMALL"]
