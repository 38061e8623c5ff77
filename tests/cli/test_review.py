"""`tidegate review`: what reviewers and whoever runs the gateway type, against a queue like the gateway's."""

import asyncio
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.core.review.kit import KEYS, TEXT, S, question
from tests.fakes.reviews import HeldInMemory
from tidegate import app
from tidegate.adapters.stores.sql import SqlStore
from tidegate.adapters.system.clock import SystemClock
from tidegate.adapters.system.entropy import SystemEntropy
from tidegate.cli.chosen import written
from tidegate.cli.review import approve, desk, forget, key, listing, refuse, saying, show
from tidegate.core.review import keeping
from tidegate.core.review.hearing import Terms
from tidegate.core.review.signed import Reviewer
from tidegate.core.values.errors import Refusal
from tidegate.services.reviews import Effects, ReviewQueue, Rules

NOBODY = "0190abcd-0000-7000-8000-00000000ffff"
assert {approve, desk, forget, key, listing, refuse, saying, show}


@contextmanager
def answering(answer):
    """A server that answers each POST with what `answer(path, body)` gives: (status, document or bytes)."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            status, told = answer(self.path, body)
            raw = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class House:
    """Two reviewers with keys on disk, and a queue behind an address."""

    def __init__(self, folder, terms):
        self.keys = {name: folder / f"{name}.key" for name in ("anna", "ben")}
        verifiers = {name: app.make_reviewer_key(path, name).verifier for name, path in self.keys.items()}
        roles = {"anna": "context", "ben": "findings"}
        reviewers = {name: Reviewer(name, one, roles[name]) for name, one in verifiers.items()}
        self.store, self.log = HeldInMemory(), []

        async def record(entry):
            self.log.append(json.loads(entry))
            return len(self.log)

        effects = Effects(record=record, new_id=SystemEntropy().uuid7)
        self.queue = ReviewQueue(self.store, SystemClock(), KEYS, Rules(reviewers=reviewers, terms=terms), effects)

    def answer(self, path, body):
        assert path == "/v1/tidegate/reviews"
        try:
            return 200, asyncio.run(self.queue.answer(body))
        except Refusal as refusal:
            return refusal.status, {"error": {"code": refusal.code, "message": refusal.message}}

    def hold(self, **more):
        return asyncio.run(self.queue.wait(question(**more)))

    def read(self, review):
        return keeping.read(self.store.rows[review])


@pytest.fixture
def house(machine, tidegate):
    """house(words…, key="ben") runs a command as that reviewer."""
    found = House(machine.folder, Terms(four_eyes=("secret",)))
    with answering(found.answer) as address:

        def run(*words, key="ben", **more):
            return tidegate("review", *words, "--key", found.keys[key], "--gateway", address, **more)

        found.run = run
        yield found


def as_json(answer):
    return answer.status, json.loads(answer.out)


# -- reviewers -------------------------------------------------------------------------------------------------------


def test_a_key_is_made_once_and_its_line_is_what_the_configuration_takes(machine, tidegate):
    made = tidegate("review", "key", "anna.key", "--name", "Anna B.")
    assert made.status == 0
    file = machine.folder / "tidegate.toml"
    file.write_text(made.out.partition("tidegate.toml:\n")[2])
    assert {*written(str(file)).review.reviewers} == {"Anna-B"}
    assert (machine.folder / "anna.key").stat().st_mode & 0o777 == 0o600
    again = tidegate("review", "key", "anna.key", "--json")
    assert again.status == 2
    assert "never overwritten" in again.err


def test_a_list_names_what_waits(house):
    assert house.run("list").out == "nothing waits for a reviewer\n"
    review = house.hold()
    line = house.run("list").out.split("\t")
    assert line[:6] == [review, "waiting", "phi.mrn, pii.person", "restricted", "", "0 of 1"]
    status, found = as_json(house.run("list", "--json"))
    assert (status, [one["review"] for one in found["reviews"]]) == (0, [review])


def test_by_role_one_sees_places_or_also_the_text(house):
    review = house.hold()
    by_findings, by_context = house.run("show", review), house.run("show", review, key="anna")
    assert "phi.mrn\tuser 0\t30-38" in by_findings.out
    assert "Ada" not in by_findings.out
    assert TEXT in by_context.out
    assert "to        cloud, other, by asks-a-person" in by_context.out
    assert [one["reviewer"] for one in house.log if one["act"] == "review.shown"] == ["ben", "anna"]


def test_what_is_no_longer_kept_is_said(house):
    review = house.hold()
    house.run("approve", review)
    assert "Its text has been erased" in house.run("show", review).out
    assert as_json(house.run("show", review, "--json"))[1]["contents"] is None


def test_a_long_request_says_that_there_is_more(house):
    from tests.core.review.kit import FOUND
    from tidegate.core.values.finding import Classification, Finding

    many = tuple(Finding("phi.mrn", n, n + 1, 1.0, "d") for n in range(501))
    review = house.hold(found=Classification(many, FOUND.labels, "restricted"))
    assert "There is more: 501 findings in all" in house.run("show", review).out


@pytest.mark.parametrize(
    ("words", "says", "state", "verdict"),
    [
        (["approve"], "approved: its caller may send it once", "approved", "raw"),
        (["approve", "--redacted"], "approved: its caller", "approved", "redacted"),
        (["approve", "--target", "other"], "to cloud, other", "approved", "raw"),
        (["refuse", "--reason", "ask first"], "refused: its caller is told your reason", "refused", "refuse"),
    ],
)
def test_one_says_what_becomes_of_it(house, words, says, state, verdict):
    review = house.hold()
    answer = house.run(words[0], review, *words[1:])
    assert (answer.status, says in answer.out) == (0, True)
    (word,) = house.read(review).words
    assert (house.read(review).state, word.verdict, word.reviewer) == (state, verdict, "ben")
    assert word.targets == (("other",) if "other" in words else () if state == "refused" else ("cloud", "other"))


def test_an_approval_may_hold_for_less_time(house):
    review = house.hold()
    house.run("approve", review, "--minutes", "5")
    found = house.read(review)
    assert 290 * S < found.until_ns - SystemClock().now_ns() <= 300 * S


def test_where_two_must_agree_the_first_is_told_so(house):
    from tests.core.review.kit import FOUND

    review = house.hold(found=FOUND.plus("secret.jwt"))
    assert "1 of 2 have approved it; another reviewer must, too" in house.run("approve", review).out
    assert house.run("approve", review, key="anna").out.startswith("approved")


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["show", NOBODY], 1, "There is no review of that id. [review_not_found]"),
        (["approve", NOBODY], 1, "There is no review of that id"),
        (["refuse", NOBODY], 2, "--reason"),
        (["refuse", NOBODY, "--reason", "two\nlines"], 2, "a sentence"),
        (["refuse", NOBODY, "--reason", " "], 2, "a sentence"),
        (["approve", NOBODY, "--minutes", "0"], 2, "a whole number"),
        (["approve"], 2, "ID"),
        (["list", "--gateway", "nowhere"], 2, "an address is wanted"),
        ([], 2, "list"),
    ],
)
def test_what_is_wrong_is_said(house, words, status, says):
    answer = house.run(*words)
    assert answer.status == status
    assert says in answer.err
    assert "Traceback" not in answer.err


def test_without_a_key_one_is_told_to_make_one(tidegate, machine, monkeypatch, house):
    answer = tidegate("review", "show", NOBODY)
    assert (answer.status, "TIDEGATE_REVIEW_KEY" in answer.err) == (2, True)
    monkeypatch.setenv("TIDEGATE_REVIEW_KEY", str(house.keys["ben"]))
    review = house.hold()
    with answering(house.answer) as address:
        assert tidegate("review", "show", review, "--gateway", address).status == 0


def test_a_key_that_others_may_read_is_not_used(house):
    house.keys["ben"].chmod(0o644)
    answer = house.run("list")
    assert (answer.status, "chmod 600" in answer.err) == (2, True)


def test_somebody_else_s_key_is_refused_by_the_gateway(house, machine):
    house.keys["mallory"] = machine.folder / "mallory.key"
    app.make_reviewer_key(house.keys["mallory"], "mallory")
    answer = house.run("list", key="mallory")
    assert (answer.status, "nobody of that name reviews here" in answer.err) == (1, True)


@pytest.mark.parametrize(
    ("status", "told", "says"),
    [
        (200, b"hello", "no tidegate gateway"),
        (500, {"error": "no"}, "no tidegate gateway"),
        (503, {"error": {"code": "record_unavailable", "message": "Not now."}}, "Not now. [record_unavailable]"),
    ],
)
def test_an_answer_that_is_none_is_said(house, tidegate, status, told, says):
    with answering(lambda _path, _body: (status, told)) as address:
        answer = tidegate("review", "list", "--key", house.keys["ben"], "--gateway", address)
    assert (answer.status, says in answer.err) == (1, True)


def test_a_gateway_that_does_not_run_is_said(house, tidegate):
    answer = tidegate("review", "list", "--key", house.keys["ben"])
    assert (answer.status, "no gateway answers on" in answer.err) == (1, True)


def test_what_is_not_what_it_shows_is_not_signed(house, tidegate):
    review = house.hold()

    def swapped(path, body):
        status, told = house.answer(path, body)
        return status, {**told, "bound_to": {**told["bound_to"], "actor": "mallory"}} if "bound_to" in told else told

    with answering(swapped) as address:
        answer = tidegate("review", "approve", review, "--key", house.keys["ben"], "--gateway", address)
    assert (answer.status, "do not sign" in answer.err) == (1, True)
    assert house.read(review).words == ()


# -- whoever runs the gateway ----------------------------------------------------------------------------------------


@pytest.fixture
def stored(machine):
    """Two held requests in the store of this folder's configuration."""
    settings = written(None)
    keyring = app.open_keys(settings)

    async def hold():
        store = await SqlStore.open(settings.store.url, entropy=SystemEntropy())

        async def record(_entry):
            return 0

        effects = Effects(record=record, new_id=SystemEntropy().uuid7)
        rules = Rules(reviewers={"ben": None})
        queue = ReviewQueue(store, SystemClock(), keyring.keys, rules, effects)
        held = [await queue.wait(question(body=b"%d" % n)) for n in range(2)]
        await store.aclose()
        return held

    return asyncio.run(hold())


def test_without_a_store_nothing_waits(tidegate, machine):
    assert as_json(tidegate("review", "list", "--json")) == (0, {"ok": True, "reviews": []})
    assert tidegate("review", "forget", NOBODY).status == 1
    assert not written(None).store.path.exists(), "looking makes none"


def test_they_list_and_erase_without_a_gateway(stored, tidegate):
    _, found = as_json(tidegate("review", "list", "--json"))
    assert [one["review"] for one in found["reviews"]] == stored
    assert tidegate("review", "forget", stored[0]).out == "forgotten: what was kept of it is erased\n"
    _, found = as_json(tidegate("review", "list", "--json"))
    assert [one["review"] for one in found["reviews"]] == stored[1:]


def test_what_was_erased_is_told_again_and_what_had_ended_is_said(stored, tidegate):
    assert as_json(tidegate("review", "forget", stored[0], "--json"))[1]["state"] == "forgotten"
    again = as_json(tidegate("review", "forget", stored[0], "--json"))
    assert again == (0, {"ok": True, "review": stored[0], "state": "forgotten"})


def test_the_record_of_it_is_owed_to_the_log_with_who_did_it(stored, tidegate):
    tidegate("review", "forget", stored[0])

    async def debts():
        store = await SqlStore.open(written(None).store.url, entropy=SystemEntropy())
        try:
            return [json.loads(one.content) for one in await store.debts() if not one.to]
        finally:
            await store.aclose()

    (owed,) = asyncio.run(debts())
    assert (owed["act"], owed["review"]) == ("review.forgotten", stored[0])
    assert owed["actor"]
