"""What local runtimes answer when they are asked how they are, written from their own documents.

- Ollama: docs/api.md, "List Running Models" (`/api/ps`);
- LM Studio: REST API v1, "List your models" (`/api/v1/models`);
- llama.cpp: tools/server/README.md, `/health`, `/slots`, `/metrics`;
- vLLM: docs, "Production Metrics" (`/metrics`).

`Runtime` is an upstream that answers such questions as they stand at the moment, and chats.
"""

import json

from tests.fakes.upstream import Conversation, response

LLAMACPP_LOADING = {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}


def ollama_ps(*names):
    return {
        "models": [
            {
                "name": name, "model": name, "size": 5137025024, "digest": "2ae6f6dd7a3d",
                "details": {"parent_model": "", "format": "gguf", "family": "llama", "families": ["llama"],
                            "parameter_size": "7.2B", "quantization_level": "Q4_0"},
                "expires_at": "2026-06-04T14:38:31.83753-07:00", "size_vram": 5137025024, "context_length": 4096,
            }
            for name in names
        ]
    }  # fmt: skip


def lmstudio_models(key, *, instances=()):
    return {
        "models": [
            {"type": "embedding", "key": "nomic-embed", "loaded_instances": []},
            {
                "type": "llm", "key": key, "format": "gguf", "size_bytes": 2500000000, "max_context_length": 32768,
                "quantization": {"name": "Q4_K_M", "bits_per_weight": 4},
                "loaded_instances": [{"id": one, "config": {"context_length": 4096}} for one in instances],
            },
        ]
    }  # fmt: skip


def llamacpp_slots(*processing):
    return [{"id": at, "n_ctx": 4096, "is_processing": busy, "params": {}} for at, busy in enumerate(processing)]


def llamacpp_metrics(processing, deferred):
    return (
        "# HELP llamacpp:prompt_tokens_total Number of prompt tokens processed.\n"
        "# TYPE llamacpp:prompt_tokens_total counter\nllamacpp:prompt_tokens_total 128\n"
        "# TYPE llamacpp:requests_processing gauge\n"
        f"llamacpp:requests_processing {processing}\n"
        "# TYPE llamacpp:requests_deferred gauge\n"
        f"llamacpp:requests_deferred {deferred}\n"
    ).encode()


def vllm_metrics(models):
    """`models`: name -> (running, waiting)."""
    lines = ["# TYPE vllm:num_requests_running gauge"]
    for name, (running, waiting) in models.items():
        lines.append(f'vllm:num_requests_running{{engine="0",model_name="{name}"}} {running}.0')
        lines.append(f'vllm:num_requests_waiting{{engine="0",model_name="{name}"}} {waiting}.0')
    return ("\n".join(lines) + "\n").encode()


CHAT = {
    "id": "c", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "from here"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}  # fmt: skip

OLLAMA_CHAT = {
    "model": "m", "created_at": "2026-06-04T14:38:31.83753Z", "done": True, "done_reason": "stop",
    "message": {"role": "assistant", "content": "from here"},
    "total_duration": 5, "load_duration": 1, "prompt_eval_count": 3, "prompt_eval_duration": 1,
    "eval_count": 2, "eval_duration": 2,
}  # fmt: skip


class Runtime:
    """A behaviour of `fakes.upstream`: `states` maps a path to (status, document); POSTs are answered by `chat`, a
    (status, document). Both may change while it serves.
    """

    def __init__(self, states=None, chat=(200, CHAT)):
        self.states, self.chat = dict(states or {}), chat
        self.asked = []

    async def __call__(self, talk: Conversation):
        path = talk.request.target
        self.asked.append((talk.request.method, path))
        status, document = self.chat if talk.request.method == "POST" else self.states.get(path, (404, {}))
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        await talk.send(response(status, body))
