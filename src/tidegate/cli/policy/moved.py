"""A replay as people read it: how much of the traffic it is about comes first."""

from typing import TYPE_CHECKING

from tidegate.cli import terminal

if TYPE_CHECKING:
    from tidegate.core.decide.lifecycle.tally import Moved, ReplayReport

_SHOWN = 10


def tell(report: "ReplayReport") -> None:
    terminal.say(report.coverage())
    terminal.say(f"against {report.against}")
    head = ("bucket", "exchanges", "for example")
    rows = [
        (bucket, f"{count:,}", _some(report.requests.get(bucket, ()), count))
        for bucket, count in report.buckets.items()
    ]
    terminal.say(terminal.table(head, rows))
    if report.refused or report.admitted:
        terminal.say(f"{report.refused:,} would go nowhere any more, {report.admitted:,} that went nowhere would go")
    if report.changes:
        changes = [(one.target, f"{one.before} -> {one.after}", f"{count:,}") for one, count in report.changes.items()]
        terminal.say(terminal.table(("target", "effect", "exchanges"), changes))
    if report.moved:
        head_of_moves = (
            "from",
            "to",
            "exchanges",
            "tokens in",
            "tokens out",
            "mean",
            "mean there",
            "cost",
            "cost there",
        )
        terminal.say(terminal.table(head_of_moves, [_move(one) for one in report.moved]))


def _some(ids: tuple[str, ...], count: int) -> str:
    more = f" and {count - _SHOWN:,} more" if count > _SHOWN else ""
    return f"{', '.join(ids[:_SHOWN])}{more}"


def _move(one: "Moved") -> tuple[str, ...]:
    told = one.as_json()
    return (
        one.move.before or "nobody",
        one.move.after or "nobody",
        f"{one.sums.exchanges:,}",
        _number(told["input_tokens"]),
        _number(told["output_tokens"]),
        _milliseconds(told["mean_ms"]),
        _milliseconds(told["expected_mean_ms"]),
        _money(told["cost_micro"]),
        _money(told["expected_cost_micro"]),
    )


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f} ms"


def _money(micro: int | None) -> str:
    return "-" if micro is None else f"{micro / 1_000_000:,.2f}"
