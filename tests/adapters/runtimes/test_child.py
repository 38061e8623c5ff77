from __future__ import annotations

import io
import os
import select
import signal
import subprocess
import sys
import textwrap

import pytest

from tests.adapters.runtimes.children import run, running
from tidegate.adapters.runtimes.child import ORDER_LIMIT_BYTES, Order, StartRefused, read_order, url_of

ECHO_CHILD = textwrap.dedent(
    """
    import sys
    from tidegate.adapters.runtimes.child import Lifeline
    lifeline = Lifeline()
    print("a library writes to stdout")
    lifeline.ready(got=lifeline.order().fields)
    lifeline.wait_for_end()
    """
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "started by `tidegate up`"),
        (b"\n", "started by `tidegate up`"),
        (b"not json\n", "not one JSON object"),
        (b"[1]\n", "not one JSON object"),
        (b'{"a": "' + b"x" * ORDER_LIMIT_BYTES + b'"}\n', "longer than"),
    ],
)
def test_an_order_that_is_no_object_is_refused_with_the_reason(line: bytes, said: str):
    with pytest.raises(StartRefused, match=said):
        read_order(io.BytesIO(line))


def test_an_order_is_one_line_whatever_follows():
    assert read_order(io.BytesIO(b'{"port": 1}\n{"port": 2}\n')).fields == {"port": 1}


@pytest.mark.parametrize(
    ("fields", "getter", "name"),
    [
        ({}, "text", "alias"),
        ({"alias": ""}, "text", "alias"),
        ({"alias": 1}, "text", "alias"),
        ({"api_key": "short"}, "key", "api_key"),
        ({"api_key": "with a blank inside"}, "key", "api_key"),
        ({"api_key": "line\nbreak-0123456789"}, "key", "api_key"),
        ({"api_key": "ümlaut-0123456789-x"}, "key", "api_key"),
        ({"host": "0.0.0.0"}, "loopback", "host"),
        ({"host": "example.org"}, "loopback", "host"),
        ({"host": "10.0.0.1"}, "loopback", "host"),
        ({"port": "80"}, "port", "port"),
        ({"port": -1}, "port", "port"),
        ({"port": 65_536}, "port", "port"),
        ({"port": True}, "port", "port"),
    ],
)
def test_a_wrong_field_is_named_and_its_value_is_not_quoted(fields: dict[str, object], getter: str, name: str):
    with pytest.raises(StartRefused, match=f"^{name}: ") as refusal:
        getattr(Order(fields), getter)(name)
    assert "0123456789" not in str(refusal.value)


def test_fields_that_nobody_knows_are_refused_by_name():
    with pytest.raises(StartRefused, match="speed: unknown; known are host, port"):
        Order({"speed": 1, "host": "::1"}).refuse_others(frozenset({"host", "port"}))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1"])
def test_loopback_addresses_are_accepted(host: str):
    assert Order({"host": host}).loopback("host") == host


def test_urls_bracket_addresses_of_version_6():
    assert url_of("127.0.0.1", 80) == "http://127.0.0.1:80/v1"
    assert url_of("::1", 80) == "http://[::1]:80/v1"


def test_what_libraries_print_does_not_reach_the_protocol():
    with running({"a": "⟦pii.email:k7f2q9m3⟧"}, "-c", ECHO_CHILD) as child:
        assert child.answer == {"ready": True, "got": {"a": "⟦pii.email:k7f2q9m3⟧"}}


def test_a_fault_while_starting_is_one_line_and_no_traceback():
    code = ECHO_CHILD.replace("lifeline.ready(got", "with lifeline.starting(): 1 / 0 #")
    child = run({}, "-c", code)
    assert child.answer["ready"] is False
    assert child.answer["error"].startswith("ZeroDivisionError: division by zero; ")
    assert child.end() == (1, b"")


def test_a_child_whose_pipe_closes_exits_0():
    with running({}, "-c", ECHO_CHILD) as child:
        assert child.process.poll() is None
        assert child.end() == (0, b"")


def test_a_child_that_gets_sigterm_exits_0():
    with running({}, "-c", ECHO_CHILD) as child:
        child.process.send_signal(signal.SIGTERM)
        assert child.process.wait(timeout=20) == 0


def test_ctrl_c_is_left_to_the_parent():
    with running({}, "-c", ECHO_CHILD) as child:
        child.process.send_signal(signal.SIGINT)
        assert child.end() == (0, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has died")
def test_a_child_ends_with_a_killed_parent_even_when_a_sibling_holds_the_pipe():
    parent_code = textwrap.dedent(
        f"""
        import os, subprocess, sys, time
        read_end, write_end = os.pipe()
        os.set_inheritable(write_end, True)
        sibling = subprocess.Popen(["sleep", "60"], close_fds=False)
        child = subprocess.Popen([sys.executable, "-c", {ECHO_CHILD!r}], stdin=read_end, stdout=subprocess.PIPE)
        os.write(write_end, b"{{}}\\n")
        child.stdout.readline()
        print(child.pid, sibling.pid, flush=True)
        time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", parent_code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child_pid, sibling_pid = map(int, parent.stdout.readline().split())
        pidfd = os.pidfd_open(child_pid)
        parent.kill()
        try:
            assert has_ended(pidfd)
        finally:
            os.close(pidfd)
            os.kill(sibling_pid, signal.SIGKILL)


def has_ended(pidfd: int) -> bool:
    readable, _, _ = select.select([pidfd], [], [], 20)
    return bool(readable)
