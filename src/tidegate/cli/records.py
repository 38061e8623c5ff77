"""Records of the log as a reader wants them: exchanges newest first, records as sentences."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

Entry = tuple[int, bytes]
Record = dict[str, Any]


class Wanted(NamedTuple):
    """What a search asks for; an empty field asks for nothing. `since` and `until` are moments in RFC 3339, UTC."""

    request_id: str = ""
    label: str = ""
    level: str = ""
    target: str = ""
    boundary: str = ""
    status: str = ""
    model: str = ""
    workload: str = ""
    since: str = ""
    until: str = ""

    def matches(self, exchange: Record) -> bool:
        return all(test(exchange, getattr(self, name)) for name, test in _TESTS.items() if getattr(self, name))


def _equals(key: str) -> Callable[[Record, str], bool]:
    return lambda exchange, wanted: bool(exchange.get(key) == wanted)


def _has_label(exchange: Record, wanted: str) -> bool:
    return any(label == wanted or label.startswith(wanted + ".") for label in exchange["labels"])


_TESTS: Mapping[str, Callable[[Record, str], bool]] = {
    "label": _has_label,
    "since": lambda exchange, wanted: exchange["ts"] >= wanted,
    "until": lambda exchange, wanted: exchange["ts"] < wanted,
    "model": _equals("original_model"),
    **{name: _equals(name) for name in ("request_id", "level", "target", "boundary", "status", "workload")},
}


def moment(text: str) -> str:
    """A day or a moment as records spell it, so that texts compare as times. ValueError if it is neither."""
    found = datetime.fromisoformat(text)
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%S") + (f".{found.microsecond:06d}" if found.microsecond else "")


def exchanges(newest_first: Iterable[Entry], log: str) -> Iterator[Record]:
    """One object an exchange, newest first. An outcome comes before its intent here, and is kept until then."""
    ends: dict[int, tuple[int | None, Record]] = {}
    for index, entry in newest_first:
        record = orjson.loads(entry)
        kind = record.get("kind")
        if kind == "intent":
            end_index, end = ends.pop(index, (None, {}))
            yield {**_joined(record, end), "log": log, "intent": index, "outcome": end_index}
        elif kind == "refusal":
            yield _refusal(index, record, log)
        elif isinstance(record.get("intent"), int):
            ends[record["intent"]] = index, record


_FROM_INTENT = ("workload", "original_model", "stream", "labels", "level", "findings", "decision", "policy")
_FROM_OUTCOME = ("http_status", "code", "target", "boundary", "usage", "redactions", "restored", "duration_us")


def _joined(intent: Record, end: Record) -> Record:
    return {
        "request_id": intent.get("request_id", ""),
        "ts": intent.get("ts", ""),
        "status": end.get("status", "unknown") if end else "open",
        "actor": intent.get("actor", {}).get("id", ""),
        **{key: intent.get(key, []) if key == "labels" else intent.get(key) for key in _FROM_INTENT},
        **{key: end.get(key) for key in _FROM_OUTCOME},
    }


def _refusal(index: int, record: Record, log: str) -> Record:
    keys = ("request_id", "ts", "path", "http_status", "code", "bytes_in")
    return {**{key: record.get(key) for key in keys}, "status": "refused", "labels": [], "log": log, "refusal": index}


def sentence(record: Mapping[str, Any]) -> str:
    """One record on one line; names and numbers only, as a record holds nothing else."""
    kind = str(record.get("kind", "?"))
    told = _SENTENCES[kind](record) if kind in _SENTENCES else ""
    return f"{str(record.get('ts', ''))[:23]}Z  {record.get('request_id', '')}  {kind:9}  {told}"


def _intent(record: Mapping[str, Any]) -> str:
    permitted = [f"{one['target']} {one['effect']}" for one in record.get("decision", ()) if one["effect"] != "none"]
    labels = ",".join(record.get("labels", ())) or "no label"
    found = f"{record.get('original_model', '')}: {labels} ({record.get('level')})"
    return f"{found}; may go to {', '.join(permitted) or 'nobody'}"


def _outcome(record: Mapping[str, Any]) -> str:
    where = f" by {record['target']} behind {record['boundary']}" if record.get("target") else ""
    code = f" {record['code']}" if record.get("code") else ""
    took = f"{record.get('duration_us', 0) / 1000:.1f} ms"
    return f"{record.get('status')} {record.get('http_status')}{code}{where} in {took}"


def _act(record: Mapping[str, Any]) -> str:
    """What was done to the policy, to a held request, or to what people said of the data about them."""
    about = f"of {record['which']} {record['about'][:12]}" if record.get("about") else ""
    what = record.get("word", "") if about else record.get("name") or record.get("review") or ""
    return " ".join(filter(None, (str(record.get("act", "")), what, about)))


def _by(record: Mapping[str, Any]) -> str:
    who = record.get("reviewer") or record.get("actor")
    return f"by {who}" if who else ""


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "intent": _intent,
    "outcome": _outcome,
    "refusal": lambda record: f"{record.get('http_status')} {record.get('code')} on {record.get('path')}",
    "admin": lambda record: " ".join(filter(None, (_act(record), _by(record)))),
    "recovered": lambda record: f"closes intent {record.get('intent')}, whose process ended before its outcome",
}
