"""A registered file is there whole, for its owner alone, or what was there before is."""

import stat

import pytest

from tidegate.adapters.registry.writing import write
from tidegate.core.values.errors import ConfigError


def test_a_file_is_written_whole_for_its_owner_alone_and_replaces_the_one_before(tmp_path):
    target = tmp_path / "new" / "name.fp"
    write(target, [b"one"])
    write(target, [b"two ", b"pieces"])
    assert target.read_bytes() == b"two pieces"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [file.name for file in target.parent.iterdir()] == ["name.fp"]


def test_what_fails_in_the_middle_leaves_the_file_before_and_nothing_beside_it(tmp_path):
    target = tmp_path / "name.fp"
    write(target, [b"before"])

    def pieces():
        yield b"half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(target, pieces())
    assert target.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["name.fp"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ConfigError, match=r"check .detection. path"):
        write(tmp_path / "file" / "name.fp", [b"x"])
