"""How often a pool looks at the clock follows from its shortest deadline."""

import pytest

from tidegate.adapters.providers.http1.bounds import Timeouts


@pytest.mark.parametrize(
    ("timeouts", "sweep_s"),
    [
        (Timeouts(), 1.0),
        (Timeouts(idle_s=2.0), 0.5),
        (Timeouts(head_s=0.4), 0.1),
        (Timeouts(body_s=0.001), 0.01),
        (Timeouts(connect_s=0.001), 1.0),  # connecting keeps a deadline of its own
        (Timeouts(queue_s=3600, head_s=3600, body_s=3600, idle_s=3600), 1.0),
    ],
)
def test_a_deadline_is_met_within_a_quarter_of_the_shortest_and_a_second(timeouts, sweep_s):
    assert timeouts.sweep_s == pytest.approx(sweep_s)
