"""What else a person is called: who was found as Jane Doe is Jane in the next sentence, and Doe in the one after.

A word of a name is looked for as it was written there, capital and all, and as a word. Words that are something else as
well stay where no detector sees a person in them: a request must not lose its "Will you" to a Will Smith. So does a
word that stands in the request in lower case too: it is an ordinary one, or it is known from there anyway.
"""

from collections.abc import Iterator

PEOPLE = "pii.person"
_MIN_LETTERS = 3
_WORDS = range(2, 6)
_SOMETHING_ELSE = frozenset(
    (
        # titles and particles
        "miss", "mrs", "prof", "doctor", "professor", "sir", "dame", "lord", "lady", "herr", "frau", "madame",
        "monsieur", "senor", "senora", "signor", "signora", "van", "von", "der", "den", "del", "della", "dos", "ter",
        "ten", "zum", "zur", "the", "and", "san", "saint", "dear", "king", "queen", "president", "captain", "judge",
        "father", "sister",
        # given names that are words
        "will", "mark", "may", "april", "june", "august", "summer", "autumn", "dawn", "eve", "grace", "hope", "faith",
        "joy", "rose", "lily", "daisy", "iris", "ivy", "violet", "ruby", "pearl", "amber", "jade", "crystal", "art",
        "bill", "bob", "rob", "jack", "frank", "grant", "chase", "drew", "gene", "guy", "hunter", "mason", "miles",
        "pat", "ray", "rich", "rusty", "sandy", "sky", "sue", "victor", "wade", "dean", "earl", "duke", "clay",
        "cliff", "dale", "glen", "heath", "lance", "max", "nick", "norm", "penny", "carol", "holly", "olive",
        "patience", "charity", "christian", "chance", "chip", "chuck", "dick", "don", "faye", "ginger", "jasmine",
        "jay", "jewel", "josh", "ken", "major", "melody", "merry", "misty", "paris", "london", "austin", "dallas",
        "phoenix", "savannah", "virginia", "georgia", "carolina", "florence", "sydney", "jordan", "israel", "china",
        "india", "robin", "star", "storm", "stone", "story", "sterling", "trace", "angel", "journey", "royal", "reed",
        "page", "parker", "carter",
        # family names that are words
        "young", "long", "short", "small", "little", "wise", "strong", "sharp", "swift", "black", "white", "brown",
        "green", "gray", "grey", "gold", "silver", "cook", "baker", "miller", "taylor", "smith", "carpenter",
        "porter", "butler", "knight", "bishop", "pope", "fisher", "gardener", "gardner", "farmer", "shepherd",
        "singer", "weaver", "turner", "cooper", "archer", "bush", "rice", "wood", "woods", "hill", "hills", "church",
        "field", "fields", "forest", "lake", "rivers", "marsh", "moon", "day", "days", "friday", "monday", "week",
        "winter", "snow", "frost", "rain", "bell", "ball", "banks", "bank", "barn", "bird", "fish", "fox", "wolf",
        "lamb", "drake", "hawk", "crane", "swan", "english", "french", "german", "walsh", "west", "north", "south",
        "east", "price", "cash", "money", "sale", "sales", "gates", "house", "hall", "rooms", "park", "street",
        "lane", "stamp", "law", "laws", "love", "power", "powers", "case", "cases", "best", "more", "moore", "minor",
        "new", "newman", "good", "goodman", "hopes", "head", "hand", "foot", "cross", "key", "keys", "link", "links",
        "post", "read", "reading", "root", "roots", "rush", "self", "son", "sons", "spring", "steel", "still",
        "stark", "temple", "test", "tester", "user", "admin", "null", "none", "true", "false", "summers", "waters",
        "wells", "first", "last", "name", "names", "team", "group", "company", "project", "product", "customer",
        "client", "service", "support", "account", "number", "office", "department", "order", "invoice", "contact",
        "email", "phone", "address", "city", "state", "country", "university", "college", "school", "hospital",
        "health", "data", "system", "please", "thanks", "hello", "regards", "kind", "yours", "sincerely",
    )
)  # fmt: skip


def parts(value: str) -> Iterator[str]:
    """Words of a person's name that mean that person on their own."""
    words = value.split()
    if len(words) not in _WORDS:
        return
    for word in words:
        bare = word.strip(".,;:()\"'\u2019")
        if (
            len(bare) >= _MIN_LETTERS
            and bare.replace("-", "").isalpha()
            and bare[0].isupper()
            and bare.lower() not in _SOMETHING_ELSE
        ):
            yield bare
