"""Composition root for commands: what knows both what they ask for and the adapters that supply it.

Adapters are imported where they are used: a command must not pay for all of them.
"""

from tidegate.app.detection import (
    explainer,
    labels_found,
    labels_of,
    names_finder,
    open_detectors,
    open_engine,
    own_finders,
    own_state,
)
from tidegate.app.keys import open_keys, read_keys, secret, secret_document
from tidegate.app.log import log_entries, log_folders, recorded_intent, replay_log
from tidegate.app.policies import (
    baseline_files,
    compare_policies,
    compiled_policy,
    is_proven,
    keep_proof,
    policy_files,
    prove_policy,
    run_cases,
)
from tidegate.app.registry import (
    dictionary_outcomes,
    forget,
    read_dictionary,
    register_code,
    register_data,
    registered_code,
    registered_data,
)
from tidegate.app.reviewing import forget_review, make_reviewer_key, review_rules, reviewer_key, waiting_reviews
from tidegate.app.runtimes import discover_runtimes, embedded_model, has_embedded_engine
from tidegate.app.storing import StorePlace, anchored_heads, has_store, store_place
from tidegate.app.wishing import forget_wishes, keep_wishes, wishes_of

__all__ = [
    "StorePlace",
    "anchored_heads",
    "baseline_files",
    "compare_policies",
    "compiled_policy",
    "dictionary_outcomes",
    "discover_runtimes",
    "embedded_model",
    "explainer",
    "forget",
    "forget_review",
    "forget_wishes",
    "has_embedded_engine",
    "has_store",
    "is_proven",
    "keep_proof",
    "keep_wishes",
    "labels_found",
    "labels_of",
    "log_entries",
    "log_folders",
    "make_reviewer_key",
    "names_finder",
    "open_detectors",
    "open_engine",
    "open_keys",
    "own_finders",
    "own_state",
    "policy_files",
    "prove_policy",
    "read_dictionary",
    "read_keys",
    "recorded_intent",
    "register_code",
    "register_data",
    "registered_code",
    "registered_data",
    "replay_log",
    "review_rules",
    "reviewer_key",
    "run_cases",
    "secret",
    "secret_document",
    "store_place",
    "waiting_reviews",
    "wishes_of",
]
