import dataclasses

import pytest

from tests.core.classify.proprietary import samples
from tidegate.core.classify.proprietary.prints import (
    MAGIC,
    Builder,
    Names,
    agreement,
    derive_key,
    pack,
    read_header,
    unpack,
    window_print,
)
from tidegate.core.classify.proprietary.windows import plain, read

KEY = derive_key(b"k" * 32)
OTHER = derive_key(b"o" * 32)


def packed(paths=None, key=KEY):
    builder = Builder(key)
    for path in paths or samples.MINE:
        source = path.read_bytes()
        builder.add(read(plain(source)), len(source))
    return pack(builder, key, name="mine", registered_at="2026-01-31T10:20:30Z")


def windows_of(path):
    return read(plain(path.read_bytes()))


def test_every_window_is_found_with_its_place_and_its_names():
    prints = unpack(packed(), KEY)
    names = Names(KEY)
    reading = windows_of(samples.MINE[0])
    for window in reading.windows:
        found = prints.find(window_print(KEY, window[-1]))
        assert found
        assert max(agreement(entry, names.of(reading, window))[1] for _, entry in found) > 0
    first = [dict(prints.find(window_print(KEY, window[-1]))) for window in reading.windows[:3]]
    assert [min(places) for places in first] == [0, 1, 2]


def test_what_is_not_there_is_not_found():
    prints = unpack(packed(), KEY)
    others = [window for path in samples.OTHERS for window in windows_of(path).windows]
    found = [window for window in others if prints.find(window_print(KEY, window[-1]))]
    assert len(found) < len(others) / 10


def test_a_window_of_many_files_keeps_a_few_places_and_says_so():
    builder = Builder(KEY)
    common = b"def same(a, b):\n    return {a: [b, a + 1], b: (a, b * 2)} if a else {b: [a]}\n\n"
    for number in range(20):
        assert builder.add(read(common + b"x%d = f(%d)\n" % (number, number)), 100)
    prints = unpack(pack(builder, KEY, name="x", registered_at=""), KEY)
    found = prints.find(window_print(KEY, read(common).windows[0][-1]))
    assert len(found) == 4
    assert {agreement(entry, ()) for _, entry in found} == {(8, 0)}


def test_the_same_file_again_adds_nothing():
    builder = Builder(KEY)
    reading = windows_of(samples.MINE[0])
    assert builder.add(reading, 10)
    assert not builder.add(reading, 10)
    assert not builder.add(read(b"no code"), 10)
    assert (builder.files, builder.bytes) == (1, 10)


def test_the_header_tells_what_was_registered():
    header, _ = read_header(packed())
    assert header.name == "mine"
    assert header.registered_at == "2026-01-31T10:20:30Z"
    assert header.files == len(samples.MINE)
    assert header.entries > 100


def test_nothing_of_the_text_is_in_the_file_and_another_key_makes_another_file():
    one, other = packed(), packed(key=OTHER)
    assert b"def " not in one
    body, others = (content[read_header(content)[1] :] for content in (one, other))
    assert body != others
    prints = unpack(one, KEY)
    assert not any(prints.find(window_print(OTHER, window[-1])) for window in windows_of(samples.MINE[0]).windows)


def test_the_same_text_and_key_give_the_same_file():
    assert packed() == packed()


def test_another_key_is_refused():
    with pytest.raises(ValueError, match="another key"):
        unpack(packed(), OTHER)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.6, 0.999])
def test_a_changed_byte_is_damage(share):
    content = bytearray(packed())
    _, start = read_header(bytes(content))
    at = start + int((len(content) - start - 1) * share)
    content[at] ^= 1
    with pytest.raises(ValueError, match="damaged"):
        unpack(bytes(content), KEY)


@pytest.mark.parametrize("length", [0, 5, len(MAGIC), len(MAGIC) + 3, 60, 300, -1])
def test_a_file_that_was_cut_is_refused(length):
    with pytest.raises(ValueError, match=r"it is|its header"):
        unpack(packed()[:length], KEY)


def test_a_header_that_lies_is_damage():
    content = packed()
    header, _ = read_header(content)
    for old, new in ((b'"files": %d' % header.files, b'"files": 9'), (b'"name": "mine"', b'"name": 1234567')):
        assert old in content
        with pytest.raises(ValueError, match="damaged"):
            unpack(content.replace(old, new.ljust(len(old))), KEY)
    assert "mac" in {field.name for field in dataclasses.fields(header)}
