"""The supervisor as a table of lives: what children do, and what becomes of the gateway.

Children are scripts of a few lines that speak the real protocol in real processes; the supervisor runs in a process of
its own as well, because it owns signals. Its announcements come back as JSON lines.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tidegate import supervisor
from tidegate.supervisor import StartFailed, hold_port, listen

SOURCE = Path(supervisor.__file__).parents[1]

PRELUDE = """
import json, os, signal, socket, sys, time
order = json.loads(sys.stdin.readline())
note = lambda text: open(order["diary"], "a").write(text + "\\n")
def ready(): print(json.dumps({"ready": True, "pid": os.getpid()}), flush=True)
def until_end():
    while sys.stdin.buffer.read1(1): pass
    note(order["name"] + " eof")
def on_term(call): signal.signal(signal.SIGTERM, lambda *_: (call(), os._exit(0)))
note(order["name"] + " start")
"""

CHILDREN = {
    "good": "on_term(lambda: note(order['name'] + ' term')); ready(); until_end()",
    "refuses": "print(json.dumps({'ready': False, 'error': 'the log is in use; stop the other gateway'})); sys.exit(1)",
    "dies_at_start": "sys.exit(3)",
    "babbles": "print('hello'); sys.exit(1)",
    "stubborn": "signal.signal(signal.SIGTERM, signal.SIG_IGN); ready(); time.sleep(60)",
    "slow_to_end": "on_term(lambda: (time.sleep(0.3), note(order['name'] + ' drained'))); ready(); until_end()",
    "ignores_interrupts": "on_term(lambda: note('term')); ready(); time.sleep(60)",
    "serves": "on_term(lambda: None); s = socket.socket(fileno=order['listen_fd']); ready()\n"
    "while True:\n    c, _ = s.accept(); c.recv(9); c.sendall(str(os.getpid()).encode()); c.close()",
    "chatty": "on_term(lambda: None); ready(); print('x' * 200_000, flush=True); note('all said'); until_end()",
    "dies_twice": "n = open(order['diary']).read().count(order['name'] + ' start')\n"
    "if n < 3: sys.exit(1)\non_term(lambda: None); ready(); until_end()",
}

DRIVER = """
import json, sys
from tidegate.supervisor import ChildSpec, Supervisor, listen
plan = json.loads(sys.argv[1])
class Voice:
    def ready(self, child, facts): print(json.dumps(["ready", child, facts.get("pid")]), flush=True)
    def trouble(self, child, sentence): print(json.dumps(["trouble", child, sentence]), flush=True)
fds = ()
if plan["listen"]:
    listening = listen("127.0.0.1", 0)
    print(json.dumps(["port", listening.getsockname()[1]]), flush=True)
    fds = (listening.fileno(),)
specs = [
    ChildSpec(
        c["name"],
        c["module"],
        {"name": c["name"], "diary": plan["diary"], "listen_fd": fds[0] if fds else -1},
        c.get("drain_s", 5.0),
        essential=c.get("essential", False),
        pass_fds=fds,
        environ={"PYTHONPATH": plan["path"]},
    )
    for c in plan["children"]
]
sys.exit(Supervisor(specs, Voice()).run())
"""


class Run:
    """One supervisor with its children; whatever a test leaves is ended by pid."""

    def __init__(self, folder: Path, *children: dict, listening: bool = False) -> None:
        for name, body in CHILDREN.items():
            (folder / f"child_{name}.py").write_text(PRELUDE + textwrap.dedent(body) + "\n")
        self.diary = folder / "diary"
        self.diary.touch()
        path = f"{folder}{os.pathsep}{SOURCE}"
        plan = {"listen": listening, "diary": str(self.diary), "path": path, "children": list(children)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, json.dumps(plan)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        self.pids: list[int] = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def event(self):
        line = self.process.stdout.readline()
        assert line, "the supervisor ended"
        found = json.loads(line)
        if found[0] == "ready" and found[2]:
            self.pids.append(found[2])
        return found

    def ended(self, *, within_s=20):
        """(status, events) once it has ended by itself."""
        out, _ = self.process.communicate(timeout=within_s)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()]

    def until_noted(self, text):
        deadline = time.monotonic() + 20
        while text not in self.diary.read_text():
            assert time.monotonic() < deadline, self.diary.read_text()
            time.sleep(0.02)


def child(module, name="worker", **more):
    return {"name": name, "module": f"child_{module}", "essential": name == "worker", **more}


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, or is about Linux")


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_order_with_status_0(tmp_path, number):
    with Run(tmp_path, child("slow_to_end"), child("good", "engine")) as run:
        assert {run.event()[1], run.event()[1]} == {"worker", "engine"}
        run.process.send_signal(number)
        assert run.ended() == (0, [])
        diary = run.diary.read_text().splitlines()
        assert diary.index("worker drained") < diary.index("engine term")


def test_an_interrupt_from_the_terminal_reaches_the_supervisor_alone(tmp_path):
    with Run(tmp_path, child("ignores_interrupts")) as run:
        run.event()
        os.killpg(run.process.pid, signal.SIGINT)
        assert run.ended() == (0, [])
        assert run.diary.read_text().splitlines()[-1] == "term"


def test_children_stay_in_its_process_group(tmp_path):
    with Run(tmp_path, child("good")) as run:
        _, _, pid = run.event()
        assert os.getpgid(pid) == os.getpgid(run.process.pid)
        run.process.terminate()
        run.ended()


@pytest.mark.parametrize(
    ("module", "sentence"),
    [
        ("refuses", "the log is in use; stop the other gateway"),
        ("dies_at_start", "it ended with status 3"),
        ("babbles", "it answered something that is no ready line"),
        ("no_such_module", "it ended with status 1"),
    ],
)
def test_a_worker_that_cannot_start_ends_the_gateway_with_its_reason(tmp_path, module, sentence):
    with Run(tmp_path, child(module), child("good", "engine")) as run:
        status, events = run.ended()
        assert status == 1
        assert ["trouble", "worker", sentence] in events


def test_an_engine_that_cannot_start_is_tried_again_and_the_gateway_serves_on(tmp_path):
    with Run(tmp_path, child("good"), child("refuses", "engine")) as run:
        told = [run.event() for _ in range(6)]
        troubles = [sentence for kind, name, sentence in told if (kind, name) == ("trouble", "engine")]
        assert len(troubles) == 5
        assert all("starting it again" in sentence for sentence in troubles[:4])
        assert "left alone" in troubles[4]
        assert run.process.poll() is None
        run.process.terminate()
        assert run.ended()[0] == 0


def test_an_engine_that_recovers_is_announced(tmp_path):
    with Run(tmp_path, child("good"), child("dies_twice", "engine")) as run:
        told = [run.event()[:2] for _ in range(4)]
        assert sorted(told) == [["ready", "engine"], ["ready", "worker"], ["trouble", "engine"], ["trouble", "engine"]]
        run.process.terminate()
        assert run.ended()[0] == 0


def ask(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"who?")
        return int(connection.recv(20) or 0)


@on_linux
def test_a_worker_that_is_killed_is_replaced_while_connections_wait(tmp_path):
    with Run(tmp_path, child("serves"), listening=True) as run:
        _, port = run.event()
        _, _, first = run.event()
        assert ask(port) == first
        os.kill(first, signal.SIGKILL)
        while alive(first):
            time.sleep(0.001)
        # Nobody accepts now, and nobody is refused: the socket is the supervisor's.
        second = ask(port)
        assert second not in (0, first)
        assert run.event() == ["trouble", "worker", "it ended with signal SIGKILL; starting it again"]
        assert run.event() == ["ready", "worker", second]
        run.process.terminate()
        assert run.ended()[0] == 0


def test_a_worker_that_dies_again_and_again_ends_the_gateway(tmp_path):
    with Run(tmp_path, child("serves"), listening=True) as run:
        run.event()
        for _ in range(4):
            os.kill(run.event()[2], signal.SIGKILL)
            assert run.event()[0] == "trouble"
        os.kill(run.event()[2], signal.SIGKILL)
        status, events = run.ended()
        assert status == 1
        assert "it fails again and again" in events[-1][2]


@on_linux
def test_a_child_that_does_not_end_in_time_is_killed_and_said_so(tmp_path):
    with Run(tmp_path, child("stubborn", drain_s=0.2)) as run:
        _, _, pid = run.event()
        run.process.terminate()
        assert run.ended() == (1, [["trouble", "worker", "it did not end in time and was killed"]])
        assert not alive(pid)


def test_a_second_signal_does_not_wait(tmp_path):
    with Run(tmp_path, child("stubborn", drain_s=60)) as run:
        run.event()
        run.process.terminate()
        time.sleep(0.1)
        run.process.terminate()
        assert run.ended()[0] == 1


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    with Run(tmp_path, child("good")) as run:
        run.event()
        run.process.kill()
        run.process.wait()
        run.until_noted("worker eof")


def test_what_a_child_says_later_is_drained(tmp_path):
    with Run(tmp_path, child("chatty")) as run:
        run.event()
        run.until_noted("all said")
        run.process.terminate()
        assert run.ended() == (0, [])


def test_a_signal_while_a_restart_waits_ends_it(tmp_path):
    with Run(tmp_path, child("good"), child("refuses", "engine")) as run:
        for _ in range(4):
            run.event()
        run.process.terminate()
        assert run.ended()[0] == 0


@on_linux
def test_it_does_nothing_while_nothing_happens(tmp_path):
    with Run(tmp_path, child("good")) as run:
        run.event()
        before = Path(f"/proc/{run.process.pid}/stat").read_text().split()[13:15]
        time.sleep(0.5)
        assert Path(f"/proc/{run.process.pid}/stat").read_text().split()[13:15] == before
        run.process.terminate()
        run.ended()


def test_a_taken_port_is_a_sentence():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartFailed, match=rf"cannot listen on 127.0.0.1 port {port} .*choose another port"):
            listen("127.0.0.1", port)


def test_it_listens_on_ipv6_as_well():
    with listen("::1", 0) as listening:
        assert listening.family == socket.AF_INET6


@on_linux
def test_a_held_port_is_a_childs_and_nobody_elses():
    port, holder = hold_port()
    with holder:
        with socket.socket() as stranger, pytest.raises(OSError, match=r"in use"):
            stranger.bind(("127.0.0.1", port))
        for _ in range(2):  # the child, and the one that replaces it
            with listen("127.0.0.1", port) as child_of_ours:
                assert child_of_ours.getsockname()[1] == port
