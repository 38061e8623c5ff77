"""Writes core/classify/plans.py from the metadata of libphonenumber: `python -m tools.phones`. A test compares the two.

Only facts of the plans are carried: which calling codes are assigned, and how many digits may follow each.
"""

from collections import defaultdict
from pathlib import Path

from phonenumbers import PhoneMetadata
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

MODULE = Path(__file__).parent.parent / "src/tidegate/core/classify/plans.py"
HEAD = '''"""How many digits follow each calling code.

Written by `python -m tools.phones` from the metadata of libphonenumber (Apache-2.0), which follows ITU-T E.164 and the
national plans; do not edit.
"""

_PLANS = (
'''
TAIL = """)

LENGTHS: dict[str, frozenset[int]] = {
    code: frozenset(map(int, lengths.split())) for lengths, codes in _PLANS for code in codes.split()
}
\"\"\"Digits of a national number without its trunk prefix, by calling code.\"\"\"
"""


def lengths() -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        plans = [
            PhoneMetadata.metadata_for_nongeo_region(code, None)
            if region == "001"
            else PhoneMetadata.metadata_for_region(region, None)
            for region in regions
        ]
        found[code] = {size for plan in plans if plan for size in plan.general_desc.possible_length}
    return found


def module() -> str:
    codes = defaultdict(list)
    for code, sizes in sorted(lengths().items()):
        codes[tuple(sorted(sizes))].append(str(code))
    lines = []
    for sizes, group in sorted(codes.items()):
        rows = [group[n : n + 20] for n in range(0, len(group), 20)]
        said = " ".join(map(str, sizes))
        lines += [f'    ("{said}", "{" ".join(row)}"),\n' for row in rows]
    return HEAD + "".join(lines) + TAIL


if __name__ == "__main__":
    MODULE.write_text(module(), encoding="utf-8")
