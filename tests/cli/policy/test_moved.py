from tidegate.cli.policy import moved
from tidegate.core.decide.lifecycle.tally import EffectChange, Move, Moved, ReplayReport, Sums


def test_a_report_reads_from_coverage_to_costs(capsys):
    sums = Sums(exchanges=12, timed=12, duration_us=24_000, metered=12, input_tokens=1200, output_tokens=600)
    there = Sums(
        exchanges=1,
        timed=1,
        duration_us=9000,
        metered=1,
        input_tokens=50,
        output_tokens=50,
        priced=1,
        cost_micro=1_000_000,
    )
    moved.tell(
        ReplayReport(
            policy="p", recorded_policies={}, exchanges=20, replayed=20, left_out={}, missing={}, with_missing=0,
            buckets={"unchanged": 8, "stricter": 12, "looser": 0, "rerouted": 12}, refused=2, admitted=0,
            changes={EffectChange("c", "raw", "none"): 12}, moved=(Moved(move=Move("c", "l"), sums=sums, there=there),),
            requests={"stricter": tuple(f"r{n}" for n in range(12)), "looser": (), "rerouted": ("r0",)},
        )
    )  # fmt: skip
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "replayed 20 of 20 exchanges (100.0%)"
    assert "stricter\t12\tr0, r1, r2, r3, r4, r5, r6, r7, r8, r9 and 2 more" in lines
    assert "2 would go nowhere any more, 0 that went nowhere would go" in lines
    assert "c\traw -> none\t12" in lines
    assert lines[-1] == "c\tl\t12\t1,200\t600\t2 ms\t9 ms\t-\t18.00"
