"""Names out of Faker's providers into `lists.json.gz`: the one step that needs Faker (requirements.txt).

python -m training.names.gather

Only alphabets with capitals (Latin, Greek, Cyrillic), since capitals are what the finder goes by.
"""

import gzip
import importlib
import json
import pkgutil
import re
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent / "lists.json.gz"
_CASED = re.compile(r"[A-Za-zÀ-ɏͰ-ϿЀ-ӿḀ-ỿ][A-Za-zÀ-ɏͰ-ϿЀ-ӿḀ-ỿ'’ .-]*")
KINDS = {
    "person": {
        "first": re.compile(r"first_(romanized_)?names.*"),
        "last": re.compile(r"(.*last_names.*|last_romanized_names)"),
        "middle": re.compile(r"middle_names.*"),
    },
    "address": {
        "place": re.compile(r"cities|city_names|real_city_names|towns|municipalities|villages|communes|boroughs"),
        "region": re.compile(r"countries|states|provinces|regions|counties|departments|cantons|estados|distritos"),
        "street": re.compile(r"street_(suffixes|prefixes).*"),
    },
    "company": {
        "suffix": re.compile(r"company_(suffixes|types|prefixes)"),
        "company": re.compile(r"large_companies|companies|company_names"),
        "trade": re.compile(r"company_(nouns|products|adjectives|categories)|nouns"),
    },
    "job": {"job": re.compile(r"jobs")},
    "lorem": {"word": re.compile(r"word_list")},
}
_LIMIT = 2500
"""Places a locale: Italy's list has 16 559 hamlets, most of them words of the language."""


def main() -> None:
    lists: dict[str, dict[str, list[str]]] = {}
    for provider, kinds in KINDS.items():
        package = importlib.import_module(f"faker.providers.{provider}")
        for module in pkgutil.iter_modules(package.__path__):
            found = vars(importlib.import_module(f"{package.__name__}.{module.name}").Provider)
            locale = lists.setdefault(module.name, {})
            for kind, pattern in kinds.items():
                names = {name for key, value in found.items() if pattern.fullmatch(key) for name in _texts(value)}
                if names:
                    ordered = sorted(names)
                    locale[kind] = ordered if kind != "place" else ordered[:: 1 + len(ordered) // _LIMIT]
    lists = {locale: kinds for locale, kinds in sorted(lists.items()) if kinds}
    data = json.dumps(lists, ensure_ascii=False, sort_keys=True).encode()
    OUT.write_bytes(gzip.compress(data, mtime=0))
    for kind in ("first", "last", "place", "region", "company", "job", "word"):
        print(kind, len({name for locale in lists.values() for name in locale.get(kind, ())}))


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list | tuple | set | dict):
        return []
    plain = [one[-1] if isinstance(one, tuple | list) and one else one for one in value]
    texts = [one.strip() for one in plain if isinstance(one, str)]
    return [text for text in texts if _CASED.fullmatch(text) and len(text) <= 40]


if __name__ == "__main__":
    main()
