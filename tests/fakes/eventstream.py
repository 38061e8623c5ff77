"""Messages of AWS event streams, written (smithy.io/2.0/aws/amazon-eventstream.html)."""

import json
import struct
import zlib


def encode(headers, payload):
    """`headers`: names to texts, or the bytes of headers as they are."""
    raw = headers if isinstance(headers, bytes) else b"".join(_header(name, text) for name, text in headers.items())
    lengths = struct.pack(">II", 16 + len(raw) + len(payload), len(raw))
    head = lengths + struct.pack(">I", zlib.crc32(lengths))
    body = head + raw + payload
    return body + struct.pack(">I", zlib.crc32(body))


def event(kind, **payload):
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return encode(headers, json.dumps(payload).encode())


def exception(kind, message):
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return encode(headers, json.dumps({"message": message}).encode())


def _header(name, text):
    return struct.pack(">B", len(name)) + name.encode() + b"\x07" + struct.pack(">H", len(text)) + text.encode()
