"""Word lists and phrases that several tables share, as RE2 over bytes."""

MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|f\xc3\xa9v|mars|avr|mai|juin|juil|ao\xc3\xbb|okt|dez|m\xc3\xa4r|ene|abr|ago"
    "|dic|gen|mag|giu|lug|set|ott|fev|out|mrt|mei|maj|sty|lut|kwi|cze|lip|sie|wrz|pa\xc5\xba|lis|gru"
)
"""Heads of month names in English, French, German, Spanish, Italian, Portuguese, Dutch, Scandinavian and Polish."""

_TOWN = r"[A-Z\x80-\xff][A-Za-z\x80-\xff'-]+"
PLACE = (
    rf"(?:(?:[ ,\n]+{_TOWN}){{1,3}}[ ,\n]+(?:[A-Z]{{2,3}}[ ,]+)?\d{{4,5}}(?:-\d{{4}})?\b"
    rf"|(?:[ ,\n]+{_TOWN}){{1,3}}[ ,\n]+[A-Z]{{1,2}}\d[A-Z0-9]? \d[A-Z]{{2}}\b"
    rf"|[ ,\n]+\d{{4,5}} {_TOWN})?"
)
"""What follows a street: place, perhaps a state, a postcode; or a postcode and a place; or nothing."""
