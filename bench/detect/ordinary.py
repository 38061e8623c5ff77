"""Texts without secrets or personal data, by kind: what a detector reports in them is wrong."""

# ruff: noqa: E501 - a line of a made text reads better unbroken

import hashlib
import json
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID

from bench.classify import prose
from bench.detect.score import Split

_MADE_BYTES = 400_000
_SOURCES_BYTES = 4_000_000


def split_of(name: str) -> Split:
    return "test" if hashlib.sha256(name.encode()).digest()[0] & 1 else "dev"


def ordinary(split: Split) -> dict[str, list[str]]:
    """Texts without secrets, by kind."""
    seed = 1 if split == "dev" else 2
    return {
        "sources": list(_sources(split)),
        "prose": [prose(_MADE_BYTES + seed)],
        "records": [_records(Random(seed))],
        "lock files": [_lock_file(Random(seed))],
        "minified": [_minified(Random(seed))],
        "logs": [_logs(Random(seed))],
    }


def _sources(split: Split) -> Iterator[str]:
    """Files of the standard library, without its tests: those hold keys on purpose."""
    library = Path(sysconfig.get_path("stdlib"))
    size = 0
    for file in sorted(library.rglob("*.py")):
        inside = file.relative_to(library).as_posix()
        if "test" in inside or "site-packages" in inside or split_of(inside) != split:
            continue
        text = file.read_text("utf-8", "replace")
        size += len(text)
        if size > _SOURCES_BYTES:
            return
        yield text


_WORDS = (  # noqa: SIM905
    "order item list user account session page view cart price total name kind state event region update create fetch "
    "token key cache index public commit author secret access stage build node parent child width height"
).split()


def _uuid(draw: Random) -> str:
    return str(UUID(int=draw.getrandbits(128), version=4))


def _hex(draw: Random, size: int) -> str:
    return f"{draw.getrandbits(size * 4):0{size}x}"


def _b64(draw: Random, size: int) -> str:
    return "".join(draw.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=size))


def _name(draw: Random, most: int = 3) -> str:
    first, *rest = draw.choices(_WORDS, k=draw.randint(1, most))
    return first + "".join(word.title() for word in rest)


def _until(size: int, lines: Iterator[str]) -> str:
    out, length = [], 0
    for line in lines:
        out.append(line)
        length += len(line) + 1
        if length > size:
            return "\n".join(out)
    return "\n".join(out)


def _records(draw: Random) -> str:
    def lines() -> Iterator[str]:
        while True:
            yield json.dumps({
                "id": _uuid(draw),
                "partitionKey": f"{draw.choice(_WORDS)}-{draw.randrange(10**6)}",
                "sort_key": f"created_at#{draw.randrange(10**10)}",
                "etag": _hex(draw, 32),
                "objectKey": f"uploads/2026/{_hex(draw, 8)}/{_name(draw)}.png",
                "public_key_id": f"{draw.choice(_WORDS)}_{draw.randrange(100)}",
                "next_page_token": None,
                "max_tokens": draw.randrange(4096),
                "author": {"name": _name(draw), "commit": _hex(draw, 40)},
                "checksum": "sha256:" + _hex(draw, 64),
                "total": draw.random(),
            })  # fmt: skip

    return _until(_MADE_BYTES, lines())


def _lock_file(draw: Random) -> str:
    def lines() -> Iterator[str]:
        while True:
            name = "-".join(draw.choices(_WORDS, k=2))
            version = f"{draw.randrange(20)}.{draw.randrange(20)}.{draw.randrange(20)}"
            yield draw.choice((
                f'    "node_modules/{name}": {{\n      "version": "{version}",\n      "resolved": "https://registry.example/{name}/-/{name}-{version}.tgz",\n      "integrity": "sha512-{_b64(draw, 86)}=="\n    }},',
                f'[[package]]\nname = "{name}"\nversion = "{version}"\nchecksum = "{_hex(draw, 64)}"',
                f"{name}=={version} \\\n    --hash=sha256:{_hex(draw, 64)}",
                f"example.org/{name} v{version} h1:{_b64(draw, 43)}=",
                f'{name}@^{version}:\n  version "{version}"\n  resolved "https://r.example/{name}-{version}.tgz#{_hex(draw, 40)}"',
                f"  - {name} ({version})\n    {_hex(draw, 40)}  {name}-{version}.tar.gz",
            ))  # fmt: skip

    return _until(_MADE_BYTES, lines())


def _minified(draw: Random) -> str:
    def short() -> str:
        return "".join(draw.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ_$", k=draw.randint(1, 2)))

    def lines() -> Iterator[str]:
        while True:
            yield "".join(
                draw.choice((
                    f"function {short()}({short()},{short()}){{return {short()}.{_name(draw)}({short()}.{_name(draw)})}}",
                    f"var {short()}={short()}({draw.randrange(9000)}),{short()}=n({draw.randrange(9000)});",
                    f'{short()}.exports={{{_name(draw)}:"{_name(draw)}_{_hex(draw, 5)}",key:"{_name(draw)}",token:{short()}.{_name(draw)}}};',
                    f'case"{_name(draw)}":{short()}.{_name(draw)}Key={short()}?{short()}.token:null;break;',
                    f'{short()}=e=>{short()}(e.accessToken,{{secret:!0,password:"Enter your password"}});',
                    f'"{_name(draw)}Key":()=>import("./chunk-{_hex(draw, 8).upper()}.js"),',
                ))
                for _ in range(200)
            )  # fmt: skip

    return _until(_MADE_BYTES, lines())


def _logs(draw: Random) -> str:
    def lines() -> Iterator[str]:
        while True:
            at = f"2026-01-{draw.randint(1, 28):02}T{draw.randrange(24):02}:{draw.randrange(60):02}:07.{draw.randrange(999):03}Z"
            yield at + " " + draw.choice((
                f"INFO request_id={_uuid(draw)} trace_id={_hex(draw, 32)} span={_hex(draw, 16)} GET /v1/{_name(draw)} 200",
                f"DEBUG cache key={draw.choice(_WORDS)}:{draw.randrange(10**6)} hit=true etag={_hex(draw, 32)!r}",
                f"INFO commit {_hex(draw, 40)} by author={_name(draw)} tree {_hex(draw, 40)}",
                f"WARN token expired for session {_uuid(draw)} user={draw.randrange(10**5)} retry_in=30s",
                f"INFO pulled registry.example/{_name(draw)}@sha256:{_hex(draw, 64)} in {draw.randrange(99)}.3s",
                f"INFO s3 put object key=backups/{_hex(draw, 12)}/{_name(draw)}.tar.gz md5={_hex(draw, 32)}",
                f"INFO auth: accepted publickey for root from port 2{draw.randrange(9999)} ssh2: RSA SHA256:{_b64(draw, 43)}",
                f"ERROR {_name(draw)}Exception at 0x{_hex(draw, 16)} in lib{_name(draw)}-{_hex(draw, 8)}.so.{draw.randrange(9)}",
            ))  # fmt: skip

    return _until(_MADE_BYTES, lines())
