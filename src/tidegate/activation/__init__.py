"""May this policy rule? All that is asked of one before it does: whose it is, what it takes for granted, whether it
can be read, keeps its cases and its invariants, and what it lets through that the one before does not.

Commands ask here, and so does the gateway before it takes what a command laid down: nobody's word is taken for it.
"""

from tidegate.activation.desk import closed_here, desk_of, lay_down, note_refusal
from tidegate.activation.examining import Examined, examine, order, run_cases_of, shadow_bundle
from tidegate.activation.opening import Newly, Opened, baseline, configured, opened, trusted
from tidegate.activation.proofs import is_proven, keep_proof, kept_proof, prove_once
from tidegate.activation.surrounding import proven_ways, surroundings_here, ways_here
from tidegate.activation.times import deciding_now

__all__ = [
    "Examined",
    "Newly",
    "Opened",
    "baseline",
    "closed_here",
    "configured",
    "deciding_now",
    "desk_of",
    "examine",
    "is_proven",
    "keep_proof",
    "kept_proof",
    "lay_down",
    "note_refusal",
    "opened",
    "order",
    "prove_once",
    "proven_ways",
    "run_cases_of",
    "shadow_bundle",
    "surroundings_here",
    "trusted",
    "ways_here",
]
