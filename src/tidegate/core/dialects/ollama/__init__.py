"""What Ollama's endpoints share (github.com/ollama/ollama: docs/api.md, api/types.go).

`parsing`, `options` and `media` are of requests; `texts`, `passing`, `meaning` and `writing` of answers; `errors` of
refusals; `listing` of what clients ask about models. The dialects themselves are packages of their own beside this one.
"""

STREAM_TYPE = "application/x-ndjson"
