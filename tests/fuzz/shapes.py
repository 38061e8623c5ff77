"""Whether an error is the object that its dialect has for one, as docs/openapi.json describes it."""

import json

from tools import openapi


def conforms(tree, shape):
    """Raises AssertionError. Knows the few words of JSON Schema that our own errors are described in."""
    if "anyOf" in shape:
        assert any(_fits(tree, each) for each in shape["anyOf"])
    elif "const" in shape:
        assert tree == shape["const"]
    elif shape.get("type") == "object":
        assert isinstance(tree, dict), "no error object"
        assert set(shape["required"]) <= set(tree) <= set(shape["properties"]), f"fields {sorted(tree)}"
        for key, value in tree.items():
            conforms(value, shape["properties"][key])
    elif shape.get("type") == "string":
        assert isinstance(tree, str)
        assert tree
    elif shape.get("type") == "null":
        assert tree is None


def _fits(tree, shape):
    try:
        conforms(tree, shape)
    except AssertionError:
        return False
    return True


def is_error(name, body):
    """`body` is an error object of the dialect `name`."""
    conforms(json.loads(body), openapi.ERRORS[openapi.family(name)])


def last_of_stream(name, out):
    """What the last event of a stream of the dialect `name` says."""
    if name.startswith("ollama."):
        return json.loads(out.strip().rpartition(b"\n")[2])
    return json.loads(out.strip().rpartition(b"data: ")[2])


def is_error_event(name, out):
    """The stream's last event is an error of the dialect `name`, and no end."""
    told = last_of_stream(name, out)
    if name == "openai.responses":
        assert told["type"] in ("error", "response.failed"), told
    else:
        assert told.get("error"), told
    if name == "anthropic.messages":
        assert told["type"] == "error", told
