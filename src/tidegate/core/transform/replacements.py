"""What stands for each value of one request, as the operator of its label says, and what leads back."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tidegate.core.transform.generalising import generalised
from tidegate.core.transform.masking import masked
from tidegate.core.transform.pseudonyms import Pseudonyms
from tidegate.core.transform.surrogates.chosen import Chosen
from tidegate.core.values.operators import Operator, Operators


class Standing(NamedTuple):
    """`is_literal`: the text is a JSON number or null, where one stood before, and needs no quotes."""

    text: str
    is_literal: bool = False


class Replacements:
    """`spoils(text)`: a value that may not leave stands in it; whatever is not a tag has to pass this.

    An operator that has nothing to offer (no coarser form, no free surrogate) leaves a tag.
    """

    __slots__ = ("_chosen", "_key", "_known", "_operators", "_pseudonyms", "_spoils", "_texts", "originals", "withheld")

    def __init__(self, key: bytes, operators: Operators, texts: Iterable[str], spoils: Callable[[str], bool]) -> None:
        self._operators = operators
        self._pseudonyms = Pseudonyms(key)
        self._spoils = spoils
        self._chosen: Chosen | None = None
        self._key, self._texts = key, texts
        self._known: dict[tuple[str, bool], Standing] = {}
        self.originals: dict[str, str] = {}
        """Tag or surrogate to value, of what may come back."""
        self.withheld: set[str] = set()
        """Tags of secrets."""

    def standing(self, label: str, value: str, *, secret: bool, number: bool) -> Standing:
        """`secret`: nothing leads back. `number`: the value stands as a JSON number."""
        known = self._known.get((value, number))
        if known is None:
            if number or self._operators.rows:
                known = self._apply(label, value, secret=secret, number=number)
            else:
                known = self._tagged(label, value, secret=secret)
            self._known[value, number] = known
        return known

    def _tagged(self, label: str, value: str, *, secret: bool) -> Standing:
        tag = self._pseudonyms.tag(label, value)
        if secret:
            self.withheld.add(tag)
        else:
            self.originals[tag] = value
        return Standing(tag)

    def _apply(self, label: str, value: str, *, secret: bool, number: bool) -> Standing:
        operator = self._operators.operator(label)
        if operator is Operator.DROP:
            return Standing("null", is_literal=True) if number else Standing("")
        if operator is Operator.MASK and not self._spoils(text := masked(label, value, secret=secret)):
            return Standing(text)
        if operator is Operator.HASH:
            return self._hashed(label, value, number=number)
        if operator is Operator.GENERALISE and not secret and (coarse := self._generalised(label, value)):
            return coarse
        return self._reversible(operator, label, value, secret=secret, number=number)

    def _reversible(self, operator: Operator, label: str, value: str, *, secret: bool, number: bool) -> Standing:
        chosen: tuple[str, dict[str, str]] | None = None
        if number:
            drawn = self._surrogates().number(value)
            chosen = (drawn, {drawn: value}) if drawn else None
        elif operator is Operator.FORMAT:
            chosen = self._surrogates().of(label, value)
        if chosen is None:
            return self._tagged(label, value, secret=secret)
        if not secret:
            for token, original in chosen[1].items():
                self.originals.setdefault(token, original)
        return Standing(chosen[0], is_literal=number)

    def _hashed(self, label: str, value: str, *, number: bool) -> Standing:
        drawn = self._surrogates().number(value) if number else None
        return Standing(self._pseudonyms.digest(label, value)) if drawn is None else Standing(drawn, is_literal=True)

    def _surrogates(self) -> Chosen:
        if self._chosen is None:
            self._chosen = Chosen(self._key, self._texts, self._spoils)
        return self._chosen

    def _generalised(self, label: str, value: str) -> Standing | None:
        text = generalised(label, value)
        return None if text is None or text == value or self._spoils(text) else Standing(text)
