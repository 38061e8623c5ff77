"""Tables for tests, from rows to what the gateway maps."""

from tidegate.core.classify.records import Builder, RecordKey, RecordsFinder, unpack

KEY = RecordKey(b"d" * 32)
HEADER = ("first", "last", "city", "email", "account")
ROWS = [
    ("Maria", "Lopez", "Leeds", "maria.lopez@mail.example", "40237719"),
    ("Judd", "Abernathy", "Bristol", "judd@corp.example", "4111-9935 07"),
    ("M\u00fcge", "\u00d6zt\u00fcrk", "Ulm", "muge.o@mail.example", "77120034"),
]


def packed(rows=ROWS, header=HEADER, key=KEY, name="crm", label="customer.record", forced=None):
    builder = Builder(key, header, forced)
    for row in rows:
        builder.add(row)
    return b"".join(builder.pack(name=name, label=label, registered_at="2026-01-31T00:00:00Z"))


def table(content, key=KEY):
    return unpack(memoryview(content), key.file([content[:-32]]), key.check)


def finder(*contents, key=KEY):
    return RecordsFinder([table(content, key) for content in contents], key)
