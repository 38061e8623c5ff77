"""Two well-known detectors, asked as ours is: the same texts in the same process, and their findings by our labels.

Presidio runs its default English registry on a blank spaCy pipeline: patterns, validators, context words, without
a model for names. detect-secrets runs all its plug-ins on a text line by line.
"""

from collections.abc import Mapping

from bench.detect.pii import CASE_LABELS, SENTENCE_LABELS
from tidegate.adapters.detectors.presidio import open_presidio
from tidegate.core.values.finding import Finding

THRESHOLD = 0.35
"""What Presidio's own evaluation takes for a finding."""


_DEFAULT = (
    "CREDIT_CARD", "CRYPTO", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "MAC_ADDRESS", "MEDICAL_LICENSE",
    "PHONE_NUMBER", "UK_NHS", "US_DRIVER_LICENSE", "US_ITIN", "US_PASSPORT", "US_SSN",
)  # fmt: skip


class Presidio:
    """`find` as the engine has it. `covers`: labels that its default registry looks for."""

    covers = frozenset({**CASE_LABELS, **SENTENCE_LABELS}[entity] for entity in _DEFAULT)

    labels: Mapping[str, str] = {**CASE_LABELS, **SENTENCE_LABELS}

    def __init__(self) -> None:
        self._look = open_presidio("blank:en", None)

    def find(self, text: str) -> list[Finding]:
        (spans,) = self._look([text])
        return [
            Finding(self.labels[span.entity], span.start, span.end, span.score, "presidio")
            for span in spans
            if span.score >= THRESHOLD and span.entity in self.labels
        ]


class DetectSecrets:
    """`find` as the engine has it; it tells lines and no places, so a finding spans its line."""

    def __init__(self) -> None:
        from detect_secrets.core.scan import scan_line
        from detect_secrets.settings import default_settings

        self._scan_line, self._settings = scan_line, default_settings

    def find(self, text: str) -> list[Finding]:
        found, at = [], 0
        with self._settings():
            for line in text.splitlines(keepends=True):
                found += [
                    Finding("secret.any", at, at + len(line), 1.0, secret.type) for secret in self._scan_line(line)
                ]
                at += len(line)
        return found
