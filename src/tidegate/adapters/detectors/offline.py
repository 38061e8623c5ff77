"""What keeps machine-learning libraries away from the network, each in its own way, before they are imported."""

import os

_SAID_TO_THEM = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def stay_offline() -> None:
    """Models are loaded from this machine or not at all. Whoever wants one downloads it, and knows that he does."""
    os.environ.update(_SAID_TO_THEM)
