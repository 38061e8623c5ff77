"""Identifiers as RFC 9562 wants them: ordered by time, otherwise nobody's guess."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from tidegate.adapters.system.entropy import SystemEntropy

MANY = 5_000


def test_an_identifier_is_a_uuid_of_version_7_in_its_usual_form():
    told = SystemEntropy().uuid7()
    read = uuid.UUID(told)
    assert (str(read), read.version, read.variant) == (told, 7, uuid.RFC_4122)


def test_it_begins_with_the_time_in_milliseconds():
    before = time.time_ns() // 10**6
    told = uuid.UUID(SystemEntropy().uuid7()).int >> 80
    assert before <= told <= time.time_ns() // 10**6


def test_identifiers_of_later_milliseconds_sort_later():
    entropy = SystemEntropy()
    first = entropy.uuid7()
    time.sleep(0.002)
    assert first < entropy.uuid7()


def test_every_bit_that_is_chance_is_chance():
    """74 bits: each stands at 0 and at 1 in a good share of many identifiers."""
    entropy = SystemEntropy()
    drawn = [uuid.UUID(entropy.uuid7()).int for _ in range(MANY)]
    free = [bit for bit in range(76) if bit not in (62, 63)]  # 62 below the variant, 12 above it
    for bit in free:
        ones = sum(one >> bit & 1 for one in drawn)
        assert MANY * 0.4 < ones < MANY * 0.6, f"bit {bit}"


def test_none_comes_twice_whoever_draws():
    entropy = SystemEntropy()
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: entropy.uuid7(), range(MANY)))
    assert len(set(drawn)) == MANY


def test_chance_is_spread_evenly_over_the_unit_interval_without_its_end():
    drawn = [*(SystemEntropy().chance() for _ in range(200)), *chances(SystemEntropy(), 5000)]
    assert all(0 <= one < 1 for one in drawn)
    assert 0.45 < sum(drawn) / len(drawn) < 0.55
    assert len(set(drawn)) == len(drawn)


def chances(entropy, count):
    return [entropy.chance() for _ in range(count)]
