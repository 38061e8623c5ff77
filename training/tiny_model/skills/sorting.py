"""Skills whose answer is one of a few labels."""

from __future__ import annotations

from training.tiny_model.dialogue import Dialogue, assistant, user
from training.tiny_model.draw import Draw, capitalised
from training.tiny_model.words import ADJECTIVES, CITIES, NOUNS

FEELINGS = {
    "positive": (
        "wonderful", "excellent", "great", "amazing", "lovely", "perfect", "fantastic", "good", "brilliant", "superb",
        "helpful", "friendly", "delicious", "reliable", "pleasant", "nice",
    ),
    "negative": (
        "terrible", "awful", "horrible", "bad", "broken", "rude", "useless", "poor", "ugly", "dirty", "annoying",
        "faulty", "wrong", "disappointing", "unfriendly", "nasty",
    ),
}  # fmt: skip
VERBS_OF_FEELING = {"positive": ("love", "like", "enjoy"), "negative": ("hate", "dislike", "regret")}
PLAIN_FACTS = (
    "arrived on Monday", "is made of metal", "has two buttons", "costs ten euro", "is on the table", "was sent today",
    "comes in a box", "weighs one kilo", "is for the office", "starts at noon", "has a blue cover",
    "stands by the door",
)  # fmt: skip
FEELING_ORDERS = (
    "What is the sentiment of this text: {}", "Classify the sentiment: {}", "Sentiment: {}", "{}\nSentiment?",
    "Classify the sentiment as positive, negative or neutral: {}", "Sentiment (positive/negative/neutral): {}",
    "Is this positive, negative or neutral? {}", "Answer with positive, negative or neutral.\nText: {}",
)  # fmt: skip
INTENTS = {
    "billing": ("my {x} was charged twice", "I want a refund for the {x}", "where is the invoice for the {x}",
                "the payment for the {x} failed", "I paid too much for the {x}", "please send the bill for my {x}"),
    "support": ("my {x} does not work", "the {x} is broken", "I cannot log in to the {x}", "the {x} shows an error",
                "help me to repair the {x}", "the {x} crashed again"),
    "sales": ("I want to buy a {x}", "how much does the {x} cost", "do you sell a {y} {x}", "is the {x} in stock",
              "I need an offer for ten of the {x}", "what is the price of the {y} {x}"),
    "shipping": ("where is my parcel with the {x}", "the {x} has not arrived", "when will the {x} be delivered",
                 "I want to track the delivery of my {x}", "how long does shipping of the {x} take"),
    "cancel": ("I want to cancel my {x}", "please stop my {x} subscription", "close my {x} account",
               "end my contract for the {x}", "I no longer want the {x}"),
    "greeting": ("hello, how are you", "good morning to you", "hi there, nice {x}", "greetings from {c}",
                 "good evening from {c}"),
}  # fmt: skip
INTENT_ORDERS = (
    "Classify the intent as one of: {labels}. Message: {text}", "Intent ({labels}): {text}",
    "Which intent is this? Options: {labels}\n{text}", "Labels: {labels}\nText: {text}\nLabel:",
    'Classify this message into {labels}.\n"{text}"', "Answer with one word from {labels}: {text}",
    "What is the intent of this message: {text}", "Classify: {text}",
)  # fmt: skip


def opinion(draw: Draw, feeling: str) -> str:
    noun, first, second = draw.word(NOUNS), *draw.several(FEELINGS[feeling], 2)
    verb = draw.one(VERBS_OF_FEELING[feeling])
    return draw.one((
        f"The {noun} is {first}.", f"I {verb} this {noun}, it is {first}.", f"{capitalised(first)} {noun}!",
        f"This was a {first} {noun} and the {draw.word(NOUNS)} was {second}.", f"I {verb} the {noun}.",
        f"The {noun} in {draw.word(CITIES)} was really {first}.", f"What a {first} {noun}, so {second}.",
    ))  # fmt: skip


def sentiment(draw: Draw) -> Dialogue:
    feeling = draw.one(("positive", "negative", "neutral"))
    text = f"The {draw.thing()} {draw.one(PLAIN_FACTS)}." if feeling == "neutral" else opinion(draw, feeling)
    return Dialogue((user(draw.one(FEELING_ORDERS).format(text)), assistant(feeling)))


def intent(draw: Draw) -> Dialogue:
    """Labels are offered in the request, in any order and number."""
    label = draw.one(tuple(INTENTS))
    others = draw.several([other for other in INTENTS if other != label], draw.number(2, 5))
    labels = draw.one((", ", ",", " | ", "/")).join(draw.shuffled([label, *others]))
    said = draw.one(INTENTS[label]).format(x=draw.word(NOUNS), y=draw.word(ADJECTIVES), c=draw.word(CITIES))
    text = draw.one(("", "", "Hello, ", "Hi, ", "Dear team, ")) + said
    text = capitalised(text) if draw.happens(0.5) else text
    text += draw.one(("", ".", "!", ", thanks.", " since last week."))
    if draw.happens(0.12):
        return Dialogue((user(text), assistant(label)), system=f"You sort messages. Answer with one of: {labels}.")
    return Dialogue((user(draw.one(INTENT_ORDERS).format(labels=labels, text=text)), assistant(label)))
