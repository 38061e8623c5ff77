"""Small talk, a few facts, and an honest answer to everything else."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from training.tiny_model.dialogue import Dialogue, assistant, user
from training.tiny_model.draw import Draw, capitalised
from training.tiny_model.skills.copying import SUMMARY_ORDERS, politely
from training.tiny_model.values import raw_value, tag, value
from training.tiny_model.words import ADJECTIVES, CITIES, FIELDS, FIRST_NAMES, NOUNS, TOPICS

DO_NOT_KNOW = "I am a tiny demo model and do not know that. A larger model can answer it."
HOLD_OUT_EVERY = 6  # one phrasing of a question in six is kept for scoring


def phrasings(pattern: str) -> list[str]:
    """`{a|b} c` gives `a c` and `b c`; several groups multiply."""
    pieces = re.split(r"\{([^{}]*)\}", pattern)
    groups = [piece.split("|") if index % 2 else [piece] for index, piece in enumerate(pieces)]
    return [" ".join("".join(parts).split()) for parts in itertools.product(*groups)]


# The ways to ask, and the answer.
ANSWERS: tuple[tuple[str, str], ...] = (
    (
        (
            "{hi|hello|hey|good morning|good afternoon|good evening|hi there|hello there|greetings}{|!|.}{| how "
            "are you?}"
        ),
        "Hello! What can I do for you?",
    ),
    (
        "{how are you|how are you doing|how is it going|are you well|how do you feel|how are things}{| today}{|?}",
        "I am well, thank you. What can I do for you?",
    ),
    (
        "{thanks|thank you|many thanks|thanks a lot|thank you very much|great, thank you|perfect, thanks}{|!|.}",
        "You are welcome!",
    ),
    (
        "{bye|goodbye|bye bye|see you|see you later|see you tomorrow|good night|take care}{|!|.}",
        "Goodbye! Come back any time.",
    ),
    (
        (
            "{who are you|what are you|what is your name|introduce yourself|tell me about yourself|which model "
            "are you|what model is this|are you a human|are you an AI}{|?|.}"
        ),
        "I am tidegate-tiny, the demo model that ships with tidegate. I run on this machine.",
    ),
    (
        (
            "{what can you do|how can you help|how can you help me|what are you good at|help|help me|what are "
            "your skills}{|?}"
        ),
        "I can answer short questions, repeat text, sort messages and call tools. Larger models can do more.",
    ),
    (
        "{|please |can you }{tell me a joke|tell a joke|say something funny|make me laugh}{|.|!|?}",
        "Why is the gate so calm? It knows that the tide will turn.",
    ),
    (
        "{|please |can you }{tell me a story|tell a story|tell me a short story|write a short story}{|.|!|?}",
        "A boat waited at the gate. The tide rose, the gate opened, and the boat sailed home.",
    ),
    (
        (
            "{|please |can you }{write a poem|write a short poem|write me a poem|make a poem|write a haiku}{| "
            "about the sea| about the tide}{|.}"
        ),
        "Slowly comes the tide,\nquietly the gate swings wide,\nboats sail home inside.",
    ),
    (
        (
            "{what time is it|what is the time|what day is it|what is the date|what is the date today|which day "
            "is it}{|?| now?}"
        ),
        "I have no clock, so I cannot tell.",
    ),
    (
        (
            "{what is the weather|what is the weather like|how is the weather|will it rain|is it sunny}{|?| "
            "today?| tomorrow?}"
        ),
        "I cannot see the weather without a tool.",
    ),
    (
        (
            "{|so, |please tell me, }{what is|what's|explain|describe} {tidegate|Tidegate|the tidegate gateway|"
            "this gateway}{|?|.| in one sentence}"
        ),
        "Tidegate is a gateway for AI models. It decides for each request which data may leave this machine.",
    ),
    (
        (
            "{what does tidegate do|what does this gateway do|how does tidegate work|what is tidegate for|why "
            "use tidegate}{|?}"
        ),
        (
            "Tidegate classifies each request, applies your policy, and keeps it local or sends it on with tags "
            "in place of private values."
        ),
    ),
    (
        (
            "{what is a tag|what are tags|what are these tags|why do I see tags|what are the brackets|what is a "
            "placeholder}{|?}"
        ),
        "A tag stands for a private value. Tidegate puts the value back when the answer returns.",
    ),
    (
        (
            "{what is a receipt|what are receipts|what is the audit log|is there a log|how are requests recorded}"
            "{|?| in tidegate?}"
        ),
        "Each decision is written to a log in which every later change can be seen.",
    ),
    (
        (
            "{what is a policy|how do policies work|what does the policy do|who decides where data goes}{|?| in "
            "tidegate?}"
        ),
        "A policy is a set of rules that says which data may go to which model.",
    ),
    (
        (
            "{is this private|is my data safe|where does my data go|does my data leave|are you local|do you run "
            "locally|are you in the cloud}{|?| here?}"
        ),
        "I run on this machine, inside tidegate.",
    ),
    (
        "{what is|what's|explain|define} {AI|artificial intelligence}{|?|.}",
        "AI is software that does work which usually takes human thought.",
    ),
    (
        "{what is|what's|explain|define} a {language model|large language model|LLM}{|?|.}",
        "A language model is a program that predicts the next piece of a text.",
    ),
    (
        "{what is|what's|explain|define} {a gateway|an API gateway|a proxy|a proxy server}{|?|.}",
        "A gateway stands between clients and servers and decides what passes.",
    ),
    (
        "{what is|what's|explain|define} {encryption|cryptography|a cipher}{|?|.}",
        "Encryption turns text into signs that only the holder of a key can read.",
    ),
    (
        "{what is|what's|explain|define} {the tide|a tide|tides|ebb and flow}{|?|.}",
        "The tide is the rise and fall of the sea, moved by the moon.",
    ),
    (
        "{what is|what's|explain|define} {GDPR|the GDPR|data protection law}{|?|.}",
        "The GDPR is the European law that protects personal data.",
    ),
    (
        "{what is|what's|explain|define} {Python|python|the Python language}{|?|.}",
        "Python is a programming language that is easy to read.",
    ),
    (
        "{what is|what's|explain|define} {Linux|linux|the Linux kernel}{|?|.}",
        "Linux is a free operating system.",
    ),
    (
        "{what colour|what color|which colour|which color} is {the sky|the sea|water|the ocean}{|?}",
        "It is blue.",
    ),
    (
        "{what colour|what color|which colour|which color} is {grass|the grass|a leaf|a tree}{|?}",
        "It is green.",
    ),
    (
        (
            "{how many days are in a week|how many days does a week have|how long is a week|how many days has a "
            "week}{|?}"
        ),
        "A week has seven days.",
    ),
    (
        "{how many months are in a year|how many months does a year have|how many months has a year}{|?|.}",
        "A year has twelve months.",
    ),
    (
        "{how many hours are in a day|how many hours does a day have|how long is a day|how many hours has a day}{|?}",
        "A day has 24 hours.",
    ),
    (
        "{are you there|are you ready|does this work|is this working|test|ping|this is a test|testing}{|?|.|!}",
        "Yes, I am here.",
    ),
    (
        "{say|answer|reply|reply with|answer with} {ok|OK|okay}{|.|!| only}",
        "OK",
    ),
    (
        "{yes|no|ok|okay|sure|fine|good|cool|nice|I see|all right|maybe}{|.|!}",
        "Good. What comes next?",
    ),
)


@dataclass(frozen=True, slots=True)
class Question:
    """Ways to ask that are taught, ways that only scoring uses (none where there are few), and the answer."""

    taught: tuple[str, ...]
    held_out: tuple[str, ...]
    answer: str


def question(pattern: str, answer: str) -> Question:
    ways = phrasings(pattern)
    taught = [way for index, way in enumerate(ways) if index % HOLD_OUT_EVERY != 4]
    known = {way.lower() for way in taught}  # patterns may give the same words twice
    return Question(tuple(taught), tuple(way for way in ways if way.lower() not in known), answer)


QUESTIONS = tuple(question(pattern, answer) for pattern, answer in ANSWERS)
SCORED = tuple(asked for asked in QUESTIONS if asked.held_out)
SHORT_TAUGHT = tuple((way, asked.answer) for asked in QUESTIONS for way in asked.taught if len(way.split()) <= 2)
SHORT_SCORED = tuple((way, asked.answer) for asked in QUESTIONS for way in asked.held_out if len(way.split()) <= 2)

CAPITALS = {
    "Austria": "Vienna", "Belgium": "Brussels", "Canada": "Ottawa", "China": "Beijing", "Cuba": "Havana",
    "Denmark": "Copenhagen", "Egypt": "Cairo", "England": "London", "Finland": "Helsinki", "France": "Paris",
    "Germany": "Berlin", "Greece": "Athens", "Hungary": "Budapest", "India": "Delhi", "Ireland": "Dublin",
    "Italy": "Rome", "Japan": "Tokyo", "Kenya": "Nairobi", "Norway": "Oslo", "Peru": "Lima", "Poland": "Warsaw",
    "Portugal": "Lisbon", "Spain": "Madrid", "Sweden": "Stockholm", "Turkey": "Ankara",
}  # fmt: skip
CAPITAL_QUESTIONS = (
    "What is the capital of {}?", "Which city is the capital of {}?", "What is the capital of {}", "Capital of {}?",
    "what is the capital of {}?", "Tell me the capital of {}.", "Name the capital of {}.", "What's the capital of {}?",
)  # fmt: skip
UNKNOWN_TASKS = (
    "Translate this into French: {}", "What do you think about {}?", "Is this right: {}", "Write a report. {}",
    "Explain the following. {}", "Check this for errors: {}", "Why did this happen? {}", "{} What should I do?",
    "Rewrite this politely: {}", "Find a better way to say this: {}", "{}", "Make a plan. {}", "Compare: {}",
    "Turn this into a table: {}", "What can we learn from this? {}", "How do I handle this? {}",
)  # fmt: skip
OPENINGS = phrasings(
    "{what is|explain|how do I find|how do I get|why is|who invented|when was|where can I buy|can you explain"
    "|write a report about|how does|what is the best way to get|describe|how much is|how old is|draw"
    "|summarise the history of|write code for|solve|calculate}"
)


def small_talk(draw: Draw) -> Dialogue:
    """Questions with a fixed answer."""
    asked = draw.one(SCORED if draw.held_out else QUESTIONS)
    way = draw.one(asked.held_out if draw.held_out else asked.taught)
    return Dialogue((user(way if draw.happens(0.4) else capitalised(way)), assistant(asked.answer)))


def short_question(draw: Draw) -> Dialogue:
    """`hello` and the like: rare among all phrasings, and what people type first."""
    way, answer = draw.one(SHORT_SCORED if draw.held_out else SHORT_TAUGHT)
    return Dialogue((user(way if draw.happens(0.5) else capitalised(way)), assistant(answer)))


def capital(draw: Draw) -> Dialogue:
    country = draw.one(tuple(CAPITALS))
    answer = f"The capital of {country} is {CAPITALS[country]}."
    return Dialogue((user(draw.one(CAPITAL_QUESTIONS).format(country)), assistant(answer)))


def hard_question(draw: Draw) -> str:
    """Something that nobody has taught the model."""
    thing = f"{draw.one(('', 'the ', 'a ', 'my ', 'our '))}{draw.word(ADJECTIVES)} {draw.word(NOUNS)}"
    rest = draw.one((
        "", f" in {draw.word(CITIES)}", f" of {draw.invented_word()}", f" and the {draw.word(NOUNS)}",
        f" for {draw.word(TOPICS)}", f" with {draw.number(2, 5000)} {draw.word(NOUNS)}s",
    ))  # fmt: skip
    question = f"{draw.one(OPENINGS)} {thing}{rest}{draw.one(('?', '', '.'))}"
    return capitalised(question) if draw.happens(0.6) else question


def told(draw: Draw, given: str) -> str:
    """A sentence around a value."""
    return draw.one((
        f"{capitalised(draw.word(FIELDS))} {given}.", f"{draw.word(FIRST_NAMES)} has the {draw.word(FIELDS)} {given}.",
        f"Our {draw.word(NOUNS)} in {draw.word(CITIES)} belongs to {given}.", draw.sentence(subject=given),
        f"The {draw.word(TOPICS)} team asks {given}.", f"My {draw.word(FIELDS)} is {given}.",
    ))  # fmt: skip


def unknown(draw: Draw) -> Dialogue:
    """What the model was never taught gets one honest answer, not an invention."""
    question = draw.one((
        hard_question, hard_question, hard_question, Draw.sentence,
        lambda draw: f"{draw.number(1, 99)} {draw.one('+-*/')} {draw.number(1, 99)}",
        lambda draw: " ".join(draw.sentence() for _ in range(draw.number(2, 14))),
        lambda draw: f"{told(draw, raw_value(draw))} {hard_question(draw)}",
        lambda draw: draw.one(UNKNOWN_TASKS).format(told(draw, raw_value(draw))),
    ))(draw)  # fmt: skip
    return Dialogue((user(question), assistant(DO_NOT_KNOW)))


def unknown_with_tags(draw: Draw) -> Dialogue:
    """A task beyond this model: it says so, and names the tags that it has read, in order."""
    tags = [tag(draw) for _ in range(draw.one((1, 1, 2, 2, 3)))]
    facts = " ".join(told(draw, found) for found in tags)
    request = f"{facts} {hard_question(draw)}" if draw.happens(0.3) else draw.one(UNKNOWN_TASKS).format(facts)
    answer = f"That is too hard for a tiny demo model. I have read: {', '.join(tags)}."
    return Dialogue((user(request), assistant(answer)), must_contain=tuple(tags))


def told_together(draw: Draw, values: list[str]) -> str:
    """One sentence around two values or three, as people write them."""
    first, second, *third = values
    field, other = draw.words(FIELDS, 2)
    sentence = draw.one((
        f"The {field} of {first} is {second}", f"I am {first} and my {field} is {second}",
        f"{first} ({second}) {draw.one(('called', 'wrote', 'complained', 'asked'))} about the {draw.thing()}",
        f"Call {first} at {second} about the {draw.thing()}", f"My {field} is {first} and my {other} is {second}",
        f"{first} lives at {second}", f"Customer {first} uses the {field} {second}",
        f"{first} sent {second} to the {draw.word(TOPICS)} team", f"{field}: {first}, {other}: {second}",
        f"Our {draw.word(NOUNS)} belongs to {first}, {field} {second}",
        f"{first} met {second} in {draw.word(CITIES)}",
    ))  # fmt: skip
    return capitalised(sentence + "".join(f"{draw.one((' and ', ', ', ' with '))}{value}" for value in third)) + "."


def unknown_with_tags_together(draw: Draw) -> Dialogue:
    tags = [tag(draw) for _ in range(draw.one((2, 2, 3)))]
    fact = told_together(draw, tags)
    request = f"{fact} {hard_question(draw)}" if draw.happens(0.5) else draw.one(UNKNOWN_TASKS).format(fact)
    answer = f"That is too hard for a tiny demo model. I have read: {', '.join(tags)}."
    return Dialogue((user(request), assistant(answer)), must_contain=tuple(tags))


def summary_together(draw: Draw) -> Dialogue:
    first = told_together(draw, [value(draw), value(draw)])
    text = " ".join([first, *(draw.filler() for _ in range(draw.number(1, 2)))])
    return Dialogue((user(politely(draw, draw.one(SUMMARY_ORDERS)).format(text)), assistant(f"In short: {first}")))


def arithmetic(draw: Draw) -> Dialogue:
    """It cannot calculate, and should not look as if."""
    left, sign, right = draw.number(1, 999), draw.one(("+", "-", "*", "/", "plus", "times")), draw.number(1, 999)
    blank = " " if sign.isalpha() or draw.happens(0.5) else ""
    order = draw.one(("{}", "{}=", "What is {}?", "Calculate {}", "How much is {}?", "what is {}"))
    return Dialogue((user(order.format(f"{left}{blank}{sign}{blank}{right}")), assistant(DO_NOT_KNOW)))
