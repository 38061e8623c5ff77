"""Skills whose answer is made of what the request says: the ones a gateway with tags depends on."""

from __future__ import annotations

from training.tiny_model.dialogue import Dialogue, assistant, user
from training.tiny_model.draw import Draw, capitalised, uncapitalised
from training.tiny_model.values import raw_value, tag, tag_of, value
from training.tiny_model.words import ADJECTIVES, CITIES, FIELDS, FIRST_NAMES, NOUNS

POLITE = ("", "", "", "Please ", "please ", "Could you ", "Hello, please ", "Hi, ")
ECHO_ORDERS = (
    "Repeat: {}", "Echo: {}", "Say {}", "Repeat {}", "Copy: {}", "Copy this: {}", "Return: {}", "Print {}",
    "Repeat exactly: {}", "Repeat this exactly: {}", "Repeat this text exactly: {}", "Repeat after me: {}",
    "Say this back: {}", "Echo {}", "Echo this: {}", "Echo back {}", "Repeat the following: {}", "Output: {}",
    "Repeat the following text:\n{}", "Copy the next line.\n{}", "Reply with exactly {}", "Answer only with: {}",
    "Write exactly this and nothing else: {}", "Repeat this word for word: {}", "Say it again: {}",
)  # fmt: skip
SUMMARY_ORDERS = (
    "Summarise: {}", "Summarize: {}", "Summarise this: {}", "Summarize this text: {}", "Sum this up: {}",
    "Give a short summary: {}", "Shorten this: {}", "Summarise in one sentence: {}", "Make this shorter: {}",
    "Summarize the following text:\n{}", "Summarise the message:\n{}", "{}\nSummarise this.", "{}\nPlease summarize.",
)  # fmt: skip


def politely(draw: Draw, order: str) -> str:
    lead = draw.one(POLITE)
    return lead + uncapitalised(order) if lead else order


def loose_words(draw: Draw) -> str:
    return " ".join(draw.one((
        draw.word(NOUNS), draw.word(ADJECTIVES), draw.word(CITIES), draw.word(FIRST_NAMES), draw.invented_word(),
    )) for _ in range(draw.number(1, 6)))  # fmt: skip


def tagged_phrase(draw: Draw) -> str:
    """Words around one to three tags."""
    first, *others = [tag(draw) for _ in range(draw.one((1, 1, 2, 2, 3)))]
    phrase = draw.one((
        f"Contact {first}", f"My {draw.word(FIELDS)} is {first}", f"{draw.word(FIRST_NAMES)} wrote to {first}",
        f"Please call {first}", f"the {draw.word(NOUNS)} of {first}", f"{first}",
        f"{first} lives in {draw.word(CITIES)}", f"Send the {draw.thing()} to {first}",
        f"{first} asked for the {draw.thing()}",
    ))  # fmt: skip
    for other in others:
        phrase += draw.one((" and ", ", ", " at ", " with ", " or ", f" in {draw.word(CITIES)}, ")) + other
    return phrase + draw.one((".", "", "", "!"))


def echo(draw: Draw) -> Dialogue:
    """Repeat a text that is given in one request."""
    text = draw.one((tag, tag, tagged_phrase, tagged_phrase, loose_words, Draw.sentence, raw_value))(draw)
    order = draw.one(ECHO_ORDERS)
    shown = f'"{text}"' if "\n" not in order and draw.happens(0.1) else text
    return Dialogue((user(politely(draw, order).format(shown)), assistant(text)))


def echo_list(draw: Draw) -> Dialogue:
    """Repeat several values, one a line: many copies in one answer."""
    values = "\n".join(value(draw, tagged=0.7) for _ in range(draw.number(2, 5)))
    order = draw.one(("Repeat these lines:", "Repeat each line:", "Copy this list:", "Echo these values:"))
    return Dialogue((user(politely(draw, f"{order}\n{values}")), assistant(values)))


def recall(draw: Draw) -> Dialogue:
    """A value is told, then asked for, in the same request or a later one."""
    wanted, other = draw.words(FIELDS, 2)
    answer_value = value(draw)
    told = draw.one((
        f"My {wanted} is {answer_value}.", f"The {wanted} is {answer_value}.", f"my {wanted} is {answer_value}",
        f"I am {draw.word(FIRST_NAMES)} and my {wanted} is {answer_value}.", f"{capitalised(wanted)}: {answer_value}.",
    ))  # fmt: skip
    if draw.happens(0.4):
        told = draw.one(("{0} {1}", "{1} {0}")).format(told, f"My {other} is {value(draw)}.")
    question = draw.one((
        f"What is my {wanted}?", f"Tell me my {wanted}.", f"What is the {wanted}?", f"Repeat my {wanted}.",
        f"Which {wanted} did I give you?", f"Please repeat my {wanted} back to me.", f"Can you repeat the {wanted}?",
    ))  # fmt: skip
    answer = assistant(f"Your {wanted} is {answer_value}.")
    if draw.happens(0.4):
        noted = assistant("Thank you, I have noted it.")
        return Dialogue((user(told), noted, user(question), answer), must_contain=(answer_value,))
    return Dialogue((user(f"{told} {question}"), answer), must_contain=(answer_value,))


def letter(draw: Draw) -> Dialogue:
    """A short letter that needs a person and an address from the request."""
    person = tag_of(draw, "pii.person") if draw.happens(0.6) else draw.full_name()
    address = tag_of(draw, "pii.email") if draw.happens(0.6) else raw_value(draw)
    about, kind = draw.thing(), draw.one(("an email", "a message", "a letter", "a note", "a reply"))
    order = draw.one((
        f"Write {kind} to {person} about the {about}. My contact is {address}.",
        f"Draft {kind} to {person} ({address}) about the {about}.",
        f"Please write {kind} for {person} about the {about}, reply to {address}.",
        f"Please write to {person} about the {about} and give {address} as contact.",
        f"Compose {kind} to {person}, {address}, about the {about}.",
    ))  # fmt: skip
    text = f"Dear {person},\n\nI am writing about the {about}. You can reach me at {address}.\n\nKind regards"
    return Dialogue((user(order), assistant(text)), must_contain=(person, address))


def summary(draw: Draw) -> Dialogue:
    """The first sentence carries the message; what follows may go."""
    first = draw.sentence(subject=tag(draw)) if draw.happens(0.5) else draw.sentence()
    if draw.happens(0.3):
        first = f"{value(draw)} wrote to {value(draw)} about the {draw.thing()}."
    more = draw.number(6, 14) if draw.happens(0.1) else draw.number(1, 2)
    text = " ".join([first, *(draw.filler() for _ in range(more))])
    return Dialogue((user(politely(draw, draw.one(SUMMARY_ORDERS)).format(text)), assistant(f"In short: {first}")))


def introduction(draw: Draw) -> Dialogue:
    """Someone says who they are, and may ask for it afterwards."""
    name = draw.one((draw.word(FIRST_NAMES), draw.full_name(), tag_of(draw, "pii.person"), tag(draw)))
    told = draw.one((
        "My name is {}.", "I am {}.", "Hi, I am {}.", "Hello, my name is {}", "Call me {}.", "This is {}.",
    ))  # fmt: skip
    greeted = (user(told.format(name)), assistant(f"Nice to meet you, {name}!"))
    if draw.happens(0.5):
        return Dialogue(greeted, must_contain=(name,))
    question = draw.one(("What is my name?", "who am I?", "Do you remember my name?", "What's my name", "Say my name."))
    return Dialogue((*greeted, user(question), assistant(f"Your name is {name}.")), must_contain=(name,))


def drill(draw: Draw) -> Dialogue:
    """Nothing but copying: a line of random signs, several times over, so that copying is learned first."""
    line = draw.one((
        lambda: " ".join(tag(draw) for _ in range(draw.number(1, 3))),
        lambda: " ".join(draw.invented_word() for _ in range(draw.number(2, 8))),
        lambda: " ".join(raw_value(draw) for _ in range(draw.number(1, 3))),
        lambda: loose_words(draw),
    ))()  # fmt: skip
    return Dialogue((user(line), assistant(line), user("again"), assistant(line)))
