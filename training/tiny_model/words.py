"""Words that the templates are filled with, each list cut into a training and a held-out part.

Every fifth word never appears in training. What `score.py` measures is therefore how a skill works on words that
the model has not been taught, not how well it remembers.
"""

from __future__ import annotations

from dataclasses import dataclass

HOLD_OUT_EVERY = 5


@dataclass(frozen=True, slots=True)
class Pool:
    """Choices of one kind; `held_out` is disjoint from `training`."""

    training: tuple[str, ...]
    held_out: tuple[str, ...]


def pool(*choices: str) -> Pool:
    """Cut the choices; every fifth, counted from the third, is held out."""
    marked = [(index % HOLD_OUT_EVERY == 2, choice) for index, choice in enumerate(choices)]
    return Pool(
        training=tuple(choice for held, choice in marked if not held),
        held_out=tuple(choice for held, choice in marked if held),
    )


def words(text: str, *more: str) -> Pool:
    """A pool of the blank-separated words of a text, and of what is more than a word."""
    return pool(*text.split(), *more)


FIRST_NAMES = words(
    """Ada Ahmed Alice Amara Andre Anna Astrid Ben Bianca Bjorn Carlos Chiara Clara Daniel Dara David Dora Edith Emil
    Esther Fatima Felix Fiona Gabriel Grace Greta Hana Harry Helen Hugo Ida Igor Irene Ivan Jack James Jana Joan Jonas
    Julia Kai Karin Kofi Kwame Lara Laura Leo Liam Lina Lucas Luisa Magda Maria Marco Mei Milan Mona Nadia Nina Noah
    Nora Olaf Olivia Omar Oscar Paula Pedro Peter Pia Priya Rahul Ravi Rita Robin Rosa Ruth Samir Sara Sofia Stella
    Sven Tara Thomas Tina Tom Uma Vera Victor Wanda Yuki Yusuf Zara Zoe"""
)
LAST_NAMES = words(
    """Adler Banks Becker Bianchi Blake Brown Carter Castro Chen Costa Cruz Dahl Dubois Eriksen Evans Fischer Fontana
    Garcia Gomez Grant Haas Hansen Hoffman Hughes Ivanov Jensen Kaya Keller Khan Kim Klein Kovac Larsen Lopez Mayer
    Mendez Moreau Morris Nguyen Novak Okafor Olsen Patel Petrov Quinn Reyes Rossi Sato Schmidt Silva Singh Smith
    Tanaka Taylor Turner Vargas Vogel Wagner Walsh Weber Wong Young Ziegler"""
)
CITIES = words(
    """Amsterdam Ankara Athens Austin Barcelona Basel Belfast Bergen Berlin Bern Bogota Boston Bremen Brussels Cairo
    Chicago Cologne Dakar Dallas Delhi Denver Dresden Dublin Florence Geneva Ghent Glasgow Graz Hamburg Hanoi Helsinki
    Houston Istanbul Kyoto Lagos Leeds Leipzig Lima Lisbon London Lyon Madrid Malaga Manila Miami Milan Montreal Mumbai
    Munich Nairobi Naples Nice Osaka Oslo Paris Perth Porto Prague Quito Riga Rome Rotterdam Salzburg Seattle Seoul
    Seville Sofia Stockholm Sydney Tallinn Tokyo Toronto Tunis Turin Utrecht Valencia Vienna Vilnius Warsaw Zurich"""
)
NOUNS = words(
    """account address alarm answer apple archive article backup badge battery bench bill bicycle book booking bottle
    box bridge budget cable calendar camera car card carpet chair chart claim clock coat coffee contract cost course
    credit cup customer dashboard deadline delivery design desk device diagram dish document door draft drawer engine
    exam fence file filter flight folder form garden gate glass guide harbour heater hotel invoice island jacket job
    journal kettle key keyboard kitchen ladder lamp laptop lesson letter library licence list lock machine map market
    meeting menu message mirror mobile mountain note notebook offer office oven page painting paper parcel park
    password payment pen phone photo piano plan plate playlist poem policy portal poster printer product project
    question radio recipe record refund report review ring river road room sample scanner schedule screen seat sensor
    server shelf ship shirt shop shower signal sink sofa song speaker spoon station stock stove street table tablet
    task taxi team tent ticket tool tower train tram tree tunnel umbrella update valley vase video visit voucher wall
    wallet warranty watch website wheel window"""
)
ADJECTIVES = words(
    """bright busy calm cheap clean clear cold dark deep dry dull early easy empty fair final firm flat fresh full
    gentle grey green heavy hidden high hollow huge late light little local long loose loud lucky modern narrow neat new
    noisy old open pale patient plain private proud public quick quiet rare red rough round safe shallow sharp short shy
    silent simple slow small smooth soft solid square steep strange strict strong sudden sweet tall thick thin tidy
    tiny warm weak wet white wide wild yellow young"""
)
ACTIONS = words(
    """add archive book buy call cancel check close copy count create delete export fetch find get import list lock
    look_up make measure merge move open order pause plan play print publish read record remove rename report reset
    run save scan search sell send set share show sort start stop submit sync track translate update upload verify
    write"""
)
PAST_VERBS = words(
    """asked_about bought called_about cancelled changed checked cleaned collected copied described designed found
    forgot fixed inspected left lost marked measured moved needed noticed opened ordered packed paid_for painted
    planned praised printed rejected repaired reported returned reviewed sent signed sold sorted started stored tested
    wanted wrote_about"""
)
PLACES = pool(
    "near the harbour", "at the office", "behind the station", "on the second floor", "in the garden",
    "at the front desk", "in the old town", "by the river", "next to the library", "in the warehouse",
    "outside the city", "at the airport", "under the bridge", "in the meeting room", "across the street",
    "on the top shelf", "in the north wing", "at the market", "close to the park", "in the basement",
)  # fmt: skip
TIMES = pool(
    "yesterday", "today", "last week", "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday",
    "this morning", "at noon", "before lunch", "after the meeting", "last month", "in spring", "in autumn",
    "two days ago", "early in the day", "late at night", "at the weekend", "on the first of May",
)  # fmt: skip
TOPICS = words(
    """audit billing catering cleaning compliance design energy events finance gardening heating hiring hosting
    insurance legal logistics maintenance marketing onboarding packaging parking planning pricing printing privacy
    purchasing quality research safety sales security shipping software storage support training transport travel"""
)
FIELDS = words(
    """address age amount badge brand building case city class code colour company contact contract country course
    customer date day delivery device doctor email employee file floor gate host hotel iban id invoice item key level
    licence member month name number office order owner parcel password person phone plate port price product project
    region room seat serial shop size ssn state status street student table team ticket token town unit user vendor
    year zone""",
    "social security number", "credit card", "tax number", "phone number", "email address", "account number",
    "date of birth", "bank account",
)  # fmt: skip
