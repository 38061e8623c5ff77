"""Who pastes what a local model said is found, who writes something else is not."""

import json
import random
import textwrap

import pytest

from tidegate.core.classify.derived import LABEL, Derived
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.finding import Classification
from tidegate.core.values.keys import Keys

ANSWER = (
    "The patient was admitted with chest pain on the second of March and discharged nine days later. Her treatment was "
    "changed twice because the first drug raised her blood pressure. The family asked for the letter to be sent to the "
    "clinic in Aberdeen, where her sister works as a nurse. She should be seen again before the summer holidays begin."
)
OTHER = (
    "In spring the river rises by two metres, and the road along it is closed for a week or so. What remains is a "
    "question of money: the estimate of last year was one and a half million, and prices have gone up since then."
)
FIRST_TWO = ANSWER[: ANSWER.index("The family")]
LATER = 10**18


def keys(detection=b"d" * 32, epoch="e1"):
    return Keys(epoch=epoch, commitments=b"", fingerprints=b"", tags=b"", detection=detection)


def derived(*answers, tenant="default", **more):
    made = Derived(keys(), **more)
    for answer in answers:
        made.learn(tenant, [answer], expires_ns=LATER)
    return made


def labels(made, *texts, tenant="default"):
    nothing = Classification((), frozenset(), "public")
    return made.mark(nothing, [Part(Position.USER, (), text) for text in texts], tenant).labels


# -- what is seen -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        ANSWER,
        FIRST_TWO,
        f"Please translate this into French:\n\n{FIRST_TWO}\n\nThank you.",
        "\n".join("> " + line for line in textwrap.wrap(FIRST_TWO, 40)),
        FIRST_TWO.upper(),
        FIRST_TWO.replace("nine days", "ten days").replace("drug", "medicine"),
        json.dumps({"note": FIRST_TWO, "n": 3}),
        "x " * 20_000 + FIRST_TWO,
    ],
)
def test_a_passage_is_seen_however_it_was_pasted(pasted):
    assert labels(derived(ANSWER), pasted) == {LABEL}


def test_a_script_without_spaces_is_cut_as_well():
    answer = "患者因胸痛于三月二日入院，九天后出院。由于第一种药物使血压升高，治疗方案改变了两次。"
    assert labels(derived(answer), f"请翻译：{answer[:45]}") == {LABEL}


def test_a_passage_that_goes_on_in_the_next_part_is_seen():
    middle = FIRST_TWO.index("days later")
    assert labels(derived(ANSWER), OTHER, FIRST_TWO[:middle], FIRST_TWO[middle:]) == {LABEL}


def test_what_was_found_before_stays():
    found = Classification((), frozenset({"pii.email"}), "internal")
    marked = derived(ANSWER).mark(found, [Part(Position.USER, (), ANSWER)], "default")
    assert (marked.labels, marked.level) == ({"pii.email", LABEL}, "confidential")


# -- what is not --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes.",
        OTHER,
        OTHER * 300,
        "The patient was admitted.",
        "chest pain, chest pain, chest pain, chest pain, chest pain, chest pain, chest pain, chest pain",
        "Please let me know if you have any other questions or if there is anything else I can help you with.",
    ],
)
def test_another_text_is_not(text):
    closing = " Please let me know if you have any other questions or if there is anything else I can help you with."
    assert labels(derived(ANSWER + closing), text) == set()


@pytest.mark.parametrize("answer", ["Yes.", "No, I do not think so.", "42", "", "word " * 500])
def test_an_answer_that_could_be_anybody_s_leaves_nothing(answer):
    made = Derived(keys())
    assert made.learn("default", [answer], expires_ns=LATER) is None
    assert made.shingles == 0


def test_what_the_request_told_every_model_is_nobody_s_secret():
    made = Derived(keys())
    system = f"You are a clerk of the clinic. {OTHER}"
    assert made.learn("default", [f"{OTHER} {ANSWER}"], besides=[system], expires_ns=LATER)
    assert labels(made, system) == set()
    assert labels(made, ANSWER) == {LABEL}


def test_tenants_know_nothing_of_each_other():
    made = derived(ANSWER, tenant="a")
    assert labels(made, ANSWER, tenant="b") == set()
    made.learn("b", [OTHER], expires_ns=LATER)
    assert (labels(made, ANSWER, tenant="b"), labels(made, ANSWER, tenant="a")) == (set(), {LABEL})


def test_where_nothing_is_remembered_nothing_is_read():
    class Unread:
        @property
        def text(self):
            raise AssertionError

    found = Classification((), frozenset(), "public")
    assert Derived(keys()).mark(found, [Unread()], "default") is found


# -- for how long -------------------------------------------------------------------------------------


def test_what_has_expired_is_forgotten_and_what_others_said_too_is_not():
    made = Derived(keys())
    made.learn("default", [ANSWER], expires_ns=100)
    made.learn("default", [ANSWER], expires_ns=200)
    made.learn("default", [OTHER], expires_ns=300)
    seen = [(made.purge(now), labels(made, ANSWER), labels(made, OTHER)) for now in (99, 100, 200, 300)]
    assert seen == [(0, {LABEL}, {LABEL}), (1, {LABEL}, {LABEL}), (1, set(), {LABEL}), (1, set(), set())]
    assert made.shingles == 0
    assert repr(made) == "Derived(0 answers, 0 shingles)"


def test_the_oldest_go_first_where_there_is_no_more_room():
    draw = random.Random(1)
    words = [
        f"{a}{b}{c}" for a in ("bar", "mel", "tor", "win") for b in ("a", "e", "o") for c in ("ding", "rick", "lum")
    ]
    answers = [" ".join(draw.choices(words, k=120)) for _ in range(60)]
    made = derived(*answers, most_shingles=1000)
    assert made.shingles <= 1000
    assert labels(made, answers[-1]) == {LABEL}
    assert len(made._known["default"].shingles) <= 1000


def test_one_answer_that_is_longer_than_there_is_room_is_kept():
    assert labels(derived(ANSWER, most_shingles=5), ANSWER) == {LABEL}


def test_a_tenant_can_be_forgotten():
    made = derived(ANSWER)
    made.learn("other", [ANSWER], expires_ns=LATER)
    made.forget("default")
    assert (labels(made, ANSWER), labels(made, ANSWER, tenant="other")) == (set(), {LABEL})
    made.purge(LATER)
    assert made.shingles == 0


# -- in the store -------------------------------------------------------------------------------------


def traces():
    made = Derived(keys())
    return [made.learn("default", [ANSWER], expires_ns=200), made.learn("default", [OTHER], expires_ns=100)]


def test_what_was_stored_is_known_again():
    made = Derived(keys())
    assert made.load(traces(), now_ns=100) == 0
    assert (labels(made, ANSWER), labels(made, OTHER)) == ({LABEL}, set())


def test_what_was_answered_before_the_store_was_open_stays_the_younger():
    made = Derived(keys())
    made.learn("default", [OTHER], expires_ns=300)
    made.load(traces()[:1], now_ns=0)
    assert made.purge(200) == 1
    assert (labels(made, ANSWER), labels(made, OTHER)) == (set(), {LABEL})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t._replace(sealed=t.sealed[:-1] + bytes([t.sealed[-1] ^ 1])),
        lambda t: t._replace(sealed=b""),
        lambda t: t._replace(expires_ns=t.expires_ns + 1),
        lambda t: t._replace(tenant="other"),
        lambda t: t._replace(epoch="e2"),
    ],
)
def test_a_trace_that_was_altered_is_counted_and_means_nothing(spoil):
    made = Derived(keys())
    assert made.load([spoil(traces()[0])], now_ns=0) == 1
    assert made.shingles == 0


def test_without_the_key_a_trace_tells_nothing():
    assert Derived(keys(b"x" * 32)).load(traces(), now_ns=0) == 2
    sealed = {trace.sealed for trace in traces()}
    assert sealed == {trace.sealed for trace in traces()}, "equal traces are equal, so nothing was sealed twice alike"
    assert len({one[:12] for one in sealed}) == 2
