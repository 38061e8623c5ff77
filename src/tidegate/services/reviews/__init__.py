"""Requests that wait for a person: held, shown to reviewers, approved or refused by them, and used once."""

from tidegate.services.reviews.queue import KEPT_AFTER_NS, ReviewQueue
from tidegate.services.reviews.rules import Effects, Rules

__all__ = ["KEPT_AFTER_NS", "Effects", "ReviewQueue", "Rules"]
