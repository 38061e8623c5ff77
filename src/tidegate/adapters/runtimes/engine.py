"""The embedded engine: llama.cpp's own server in a process of its own. `python -m tidegate.adapters.runtimes.engine`

Order (see `child.py`): model_path, host, port, api_key, alias; and, if wanted, context (tokens a request), parallel
(requests at once), threads, gpu_layers. Answer: url, model, load_seconds.

Why a process: a crash in native code, or a model that eats all memory, must not take the gateway along. Why the key:
every process on the machine reaches a loopback port. Why stderr is closed once it runs: llama.cpp quotes requests in
its messages (a JSON error, for one, cites the text around it), and no prompt may reach a log.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tidegate.adapters.runtimes.child import Lifeline, Order, StartRefused, discard_output, leave, url_of

VERBOSITY = 1  # llama.cpp's own scale: 0 nothing but output, 1 errors, 3 information, 5 everything
WARM_UP_TIMEOUT_S = 120.0
GGUF_MAGIC = b"GGUF"
ERROR_MARK = " E "
COMPLAINT_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class EngineOrder:
    """What to serve, where, and with how much of the machine."""

    model_path: Path
    host: str
    port: int
    api_key: str
    alias: str
    context: int
    parallel: int
    threads: int
    gpu_layers: int

    @classmethod
    def of(cls, order: Order) -> EngineOrder:
        order.refuse_others(frozenset(cls.__slots__))
        return cls(
            model_path=readable_model(order.text("model_path")),
            host=order.loopback("host"),
            port=order.port("port"),
            api_key=order.key("api_key"),
            alias=order.text("alias"),
            context=order.whole("context", default=4096, low=64, high=1 << 20),
            parallel=order.whole("parallel", default=2, low=1, high=64),
            threads=order.whole("threads", default=max(1, (os.cpu_count() or 2) // 2), low=1, high=512),
            gpu_layers=order.whole("gpu_layers", default=0, low=0, high=1000),
        )


def readable_model(name: str) -> Path:
    """llama.cpp says no more than `failed to load model`; the usual mistakes deserve better."""
    path = Path(name)
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
    except OSError as failure:
        raise StartRefused(
            f"model_path: {name}: {failure.strerror}; name a GGUF file that this user can read"
        ) from failure
    if magic != GGUF_MAGIC:
        raise StartRefused(f"model_path: {name} is not a GGUF file; download it again, or convert the model to GGUF")
    return path


def parameters(llama: Any, order: EngineOrder) -> Any:
    """llama.cpp's settings. Whatever would keep, show or publish prompts is off."""
    settings = llama.CommonParams()
    settings.model.path = str(order.model_path)
    settings.model_alias = [order.alias]
    settings.hostnames = [order.host]
    settings.port = order.port
    settings.api_keys = [order.api_key]
    settings.n_ctx = order.context * order.parallel  # llama.cpp divides it among the slots
    settings.n_parallel = order.parallel
    settings.cpuparams.n_threads = order.threads
    settings.cpuparams_batch.n_threads = order.threads
    settings.n_gpu_layers = order.gpu_layers
    settings.fit_params = False  # the order says what fits; guessing costs start-up time
    settings.use_jinja = True
    settings.verbosity = VERBOSITY
    settings.offline = True
    settings.ui = False
    settings.endpoint_slots = False  # shows other callers' prompts
    settings.endpoint_props = False
    settings.endpoint_metrics = True
    settings.cache_ram_mib = 0  # would keep past prompts in memory, 8 GB of them
    settings.cors_origins = ""  # no web page has business here
    settings.cors_credentials = False
    return settings


def serve(order: EngineOrder, complaints: IO[bytes]) -> Any:
    """A running, answering server object; it serves from its own threads."""
    try:
        import xllamacpp
    except ModuleNotFoundError as missing:
        raise StartRefused("the embedded engine is not installed: pip install 'tidegate[embedded]'") from missing
    except ImportError as broken:
        raise StartRefused(f"xllamacpp is installed but does not load ({broken}); reinstall it") from broken
    try:
        return xllamacpp.Server(parameters(xllamacpp, order))
    except RuntimeError as failure:
        raise StartRefused(
            f"llama.cpp could not serve {order.model_path} on {order.host}:{order.port}: "
            f"{first_complaint(complaints) or failure}; "
            "check that the port is free, the model is complete and memory suffices"
        ) from failure


def first_complaint(complaints: IO[bytes]) -> str:
    """What llama.cpp wrote first about its failure to start, without its time stamp. No request had arrived then."""
    complaints.seek(0)
    errors = [line for line in complaints.read().decode("utf-8", "replace").splitlines() if ERROR_MARK in line]
    said = errors[0].partition(ERROR_MARK)[2] if errors else ""
    return " ".join(said.split())[:COMPLAINT_CHARACTERS]


def warm_up(order: EngineOrder, port: int) -> None:
    """One answer over the real socket: weights are paged in, the template compiles, and the key is in force."""
    connection = http.client.HTTPConnection(order.host, port, timeout=WARM_UP_TIMEOUT_S)
    body = json.dumps({"messages": [{"role": "user", "content": "hello"}], "max_tokens": 1})
    try:
        connection.request("POST", "/v1/chat/completions", body, {
            "authorization": f"Bearer {order.api_key}", "content-type": "application/json",
        })  # fmt: skip
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as failure:
        raise StartRefused(f"the engine does not answer on {order.host}:{port} ({failure})") from failure
    finally:
        connection.close()
    if status != http.client.OK:
        raise StartRefused(
            f"the model's first answer failed with status {status}; it may be no chat model: name another GGUF file"
        )


def main() -> None:
    lifeline = Lifeline()
    complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
    os.dup2(complaints.fileno(), sys.stderr.fileno())
    started = time.monotonic()
    with lifeline.starting():
        order = EngineOrder.of(lifeline.order())
        server = serve(order, complaints)
        port = int(server.listening_address.rsplit(":", 1)[1])
        discard_output(sys.stderr.fileno())
        warm_up(order, port)
    lifeline.ready(url=url_of(order.host, port), model=order.alias, load_seconds=round(time.monotonic() - started, 3))
    lifeline.wait_for_end()
    leave(0)


if __name__ == "__main__":
    main()
