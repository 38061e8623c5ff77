"""A worker answers whoever starts it in one line, and whatever goes wrong inside quotes nobody."""

import json
import re
import subprocess
import sys

import pytest

# Built from parts, so that a traceback's source lines cannot hold it: what shows it has quoted an exception.
PROMPT = "my number is " + "078-05-" + "1120"
PREPARE = """
import asyncio, json, logging, os, socket, sys, threading
from tidegate import worker
logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", level=logging.WARNING)
worker.tell_defects_by_place()
PROMPT = "my number is " + "078-05-" + "1120"

def on_a_loop(story):
    made = worker._event_loop if sys.argv[1] == "uvloop" else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=made) as runner:
        async def run():
            asyncio.get_running_loop().set_exception_handler(worker.loop_defect)
            await story()
        runner.run(run())
"""
PROTOCOL = """
class Reading(asyncio.Protocol):
    def data_received(self, data):
        raise ValueError(data.decode())

async def story():
    near, far = socket.socketpair()
    await asyncio.get_running_loop().create_connection(Reading, sock=near)
    far.sendall(PROMPT.encode())
    await asyncio.to_thread(far.recv, 1)
    far.close()
on_a_loop(story)
"""
CALLBACK = """
async def story():
    def late(text):
        raise KeyError(text)
    asyncio.get_running_loop().call_soon(late, PROMPT)
    await asyncio.sleep(0.01)
on_a_loop(story)
"""
TASK = """
async def story():
    async def forgotten(text):
        raise RuntimeError(text)
    task = asyncio.ensure_future(forgotten(PROMPT))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
on_a_loop(story)
"""
THREAD = """
def scan(text):
    raise UnicodeError(text)
thread = threading.Thread(target=scan, args=(PROMPT,), name=PROMPT)
thread.start()
thread.join()
"""
FINALIZER = """
class Holder:
    def __del__(self):
        raise OSError(PROMPT)
Holder()
"""
UNCAUGHT = """
def parse(text):
    json.loads(text)
parse(PROMPT)
"""
LOGGING = """
logging.getLogger("tidegate").warning("%d", PROMPT)
"""
ONE_LINE = re.compile(r"ERROR tidegate\.worker a defect, please report this line: (\w+) at ([\w.]+):\d+")


def ran(program, loop):
    command = [sys.executable, "-c", PREPARE + program, loop]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize(
    ("program", "told"),
    [(PROTOCOL, "ValueError"), (CALLBACK, "KeyError"), (TASK, "RuntimeError")],
    ids=["a protocol's callback", "a callback", "a task that nobody awaits"],
)
def test_a_defect_on_the_loop_is_told_by_its_type_and_place_alone(program, told, loop):
    end = ran(program, loop)
    assert [ONE_LINE.fullmatch(line).groups() for line in end.stderr.splitlines()] == [(told, "__main__")]
    assert PROMPT not in end.stderr + end.stdout


@pytest.mark.parametrize(
    ("program", "told", "status"),
    [(THREAD, "UnicodeError", 0), (FINALIZER, "OSError", 0), (UNCAUGHT, "JSONDecodeError", 1)],
    ids=["a thread", "a finalizer", "the program itself"],
)
def test_a_defect_off_the_loop_is_told_by_its_type_and_place_alone(program, told, status):
    end = ran(program, "none")
    assert [ONE_LINE.fullmatch(line).group(1) for line in end.stderr.splitlines()] == [told]
    assert end.returncode == status


def test_a_line_that_cannot_be_written_to_the_log_is_dropped():
    end = ran(LOGGING, "none")
    assert (end.stderr, end.stdout) == ("", "")


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("", "tidegate up"),
        ("not json\n", "tidegate up"),
        (json.dumps({"document": {"servr": {}}, "listen_fd": 0}) + "\n", "servr"),
    ],
    ids=["nothing", "no order", "a configuration with a mistake"],
)
def test_a_worker_that_cannot_start_says_why_in_one_line(order, told):
    command = [sys.executable, "-m", "tidegate.worker"]
    end = subprocess.run(command, input=order, capture_output=True, text=True, timeout=30, check=False)
    answer = json.loads(end.stdout)
    assert (end.returncode, answer["ready"], end.stderr) == (1, False, "")
    assert told in answer["error"]
