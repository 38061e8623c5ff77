"""Draws for the tests of surrogates: the same ones each time, under a key of their own."""

from tidegate.core.transform.surrogates.draws import Draws


def draws(number=0, key=b"k" * 32):
    return Draws(key, "test", str(number))
