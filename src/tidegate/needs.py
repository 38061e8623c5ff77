"""Everything that the path needs: pure parts, and ports to all that lies outside."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from tidegate import ports
from tidegate.core.classify.engine import Engine
from tidegate.core.values.keys import Keys
from tidegate.core.values.limits import Limits
from tidegate.core.values.target import Target
from tidegate.core.values.workload import Workload
from tidegate.crossing import Handling
from tidegate.judgement import Judge
from tidegate.sending import NoReuse, Reuse


@dataclass(slots=True, kw_only=True)
class Needs:
    """Given once, to all requests."""

    engine: Engine
    detectors: Sequence[ports.Detector]
    judge: Judge
    """May be swapped for another one at any time: a request decides once, by the judge that it finds."""
    models: Mapping[str, Sequence[Target]]
    workloads: Mapping[str, Workload]
    providers: Mapping[str, ports.Provider]
    routing: ports.Routing
    ledger: ports.Ledger
    store: ports.Store
    clock: ports.Clock
    entropy: ports.Entropy
    keys: Keys
    scanners: Executor
    memory: ports.LocalAnswers
    sessions: ports.Sessions
    wishes: ports.Wishes
    kept: ports.Kept
    reviews: ports.Reviews
    handling: Handling
    limits: Limits
    strict: bool
    """The last byte waits until the outcome record is durable."""
    reuse: Reuse = field(default_factory=NoReuse)
    """Answers that may be given again."""
