"""Processes end in the middle; disks fill; folders are taken. What was acknowledged is there, and nothing is silent."""

import concurrent.futures
import contextlib
import json
import os
import random
import resource
import threading
import time
from pathlib import Path

import pytest

from tests.fakes.gateway import Gateway, free_port, upstreams
from tests.fakes.upstream import answers

ANSWER = json.dumps(
    {"id": "c", "object": "chat.completion", "model": "m",
     "choices": [{"index": 0, "message": {"role": "assistant", "content": "well"}, "finish_reason": "stop"}]}
).encode()  # fmt: skip
ROUNDS = 100 if os.environ.get("TIDEGATE_FAULTS") == "long" else 20


@pytest.fixture
def ends():
    with upstreams(answers(200, ANSWER), answers(200, ANSWER)) as both:
        yield both


def children_of(pid):
    """Without a program that a machine may lack."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return found


def refused(gateway):
    """What it says when it refuses to start, which it does with exit status 1 and without a traceback."""
    try:
        gateway.launch()
        status = gateway.process.wait(20)
        told = gateway.log.read_text()
    finally:
        gateway.clean()
    assert status == 1, told
    assert "Traceback" not in told
    return told


@pytest.mark.slow
def test_kill_9_under_load_loses_no_acknowledged_record_and_closes_every_orphan(ends):
    gateway = Gateway(*ends)
    chance, acknowledged = random.Random(7), []
    with gateway:
        gateway.kill()
        for _ in range(ROUNDS):
            gateway.start()
            stop = threading.Event()

            def work(stop=stop):
                while not stop.is_set():
                    with contextlib.suppress(Exception):
                        answer = gateway.chat("What is 19 times 31?", timeout=3)
                        if answer.status == 200:
                            acknowledged.append(answer.headers["x-tidegate-request-id"])

            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                for _ in range(8):
                    pool.submit(work)
                # The first requests wait until the store has said what it kept: half a second.
                time.sleep(0.6 + 0.3 * chance.random())
                gateway.kill()
                stop.set()
        gateway.start()
        assert gateway.stop() == 0
        status, report = gateway.verify()
        assert (status, report["ok"], report["orphans"], report["open"]) == (0, True, 0, 0)
        kept = {r["request_id"] for r in gateway.records() if r["kind"] == "intent"}
        assert len(acknowledged) > ROUNDS
        assert set(acknowledged) <= kept


def test_sigterm_drains_and_exits_0(ends):
    gateway = Gateway(*ends)
    with gateway:
        assert gateway.chat("hello").status == 200
        assert gateway.stop() == 0
        status, report = gateway.verify()
        assert (status, report["entries"], report["open"]) == (0, 2, 0)


def test_a_second_gateway_on_one_log_is_refused_in_a_sentence(ends):
    with Gateway(*ends) as first:
        second = Gateway(*ends, home=first.home)
        second.config.write_text(second.config.read_text().replace(str(first.port), str(free_port())))
        assert str(first.audit) in refused(second)
        assert first.chat("hello").status == 200


def test_a_taken_port_is_refused_in_a_sentence(ends):
    with Gateway(*ends) as first:
        second = Gateway(*ends)
        second.config.write_text(second.config.read_text().replace(str(second.port), str(first.port)))
        assert str(first.port) in refused(second)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_log_folder_is_refused_in_a_sentence(ends):
    gateway = Gateway(*ends)
    gateway.audit.mkdir()
    gateway.audit.chmod(0o500)
    assert str(gateway.audit) in refused(gateway)


def test_a_log_folder_that_is_a_file_is_refused_in_a_sentence(ends):
    gateway = Gateway(*ends)
    gateway.audit.write_text("not a folder")
    told = refused(gateway)
    assert str(gateway.audit) in told


def damage(gateway, change):
    """`change` works on the journal's last segment; returns its path."""
    (segment,) = (gateway.audit / "w0" / "wal").glob("*.seg")
    data = bytearray(segment.read_bytes())
    used = len(data.rstrip(b"\0"))
    change(data, used)
    segment.write_bytes(bytes(data))
    return segment


def test_damage_in_the_middle_refuses_to_start_and_names_the_command(ends):
    with Gateway(*ends) as gateway:
        for _ in range(5):
            assert gateway.chat("hello").status == 200
        gateway.kill()

        def flip(data, used):
            data[used // 3] ^= 1

        damage(gateway, flip)
        gateway.launch()
        assert gateway.process.wait(20) == 1
        told = gateway.log.read_text()
        assert "tidegate audit verify" in told
        assert "Traceback" not in told
        status, report = gateway.verify()
        assert status == 1
        assert report["first_damage"]


def small_files():
    """No file of the gateway may grow beyond this: what a full disk looks like to a process."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_a_full_disk_at_start_is_refused_in_a_sentence(ends):
    assert "audit" in refused(Gateway(*ends, preexec=small_files))


def test_the_worker_that_is_killed_is_replaced_and_connections_wait(ends):
    with Gateway(*ends) as gateway:
        assert gateway.chat("hello").status == 200
        (worker,) = children_of(gateway.process.pid)
        os.kill(worker, 9)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                if gateway.chat("hello").status == 200:
                    break
        else:
            raise AssertionError("the worker never came back")
        assert gateway.stop() == 0
        assert gateway.verify()[0] == 0


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux can limit another process's files")
def test_a_disk_that_fills_up_stops_dispatch_and_goes_on_when_there_is_room_again(ends):
    inside, outside = ends
    with Gateway(inside, outside) as gateway:
        assert gateway.chat("hello").status == 200
        (worker,) = children_of(gateway.process.pid)
        whole = resource.prlimit(worker, resource.RLIMIT_FSIZE)
        sent = len(outside.requests)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (512, whole[1]))
        refused_answer = gateway.chat("hello")
        assert (refused_answer.status, refused_answer.code) == (503, "record_unavailable")
        assert gateway.chat(f"SSN 457-55-{'5462'}").status == 503
        assert gateway.get("/readyz").status == 503
        assert len(outside.requests) == sent
        assert inside.requests == []
        resource.prlimit(worker, resource.RLIMIT_FSIZE, whole)
        until = time.monotonic() + 10
        while gateway.chat("hello").status != 200:
            assert time.monotonic() < until, gateway.log.read_text()
            time.sleep(0.1)
        assert gateway.get("/readyz").status == 200
        assert gateway.stop() == 0
        assert "Traceback" not in gateway.log.read_text()
        status, report = gateway.verify()
        assert (status, report["ok"]) == (0, True)
