"""Whether a request is signed as AWS wants it, worked out again by botocore from the request as it arrived.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html; the arithmetic is botocore's own.
"""

import re

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<signed>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)


def signature_is_good(method, url, headers, body, *, secret):
    """`headers`: names in lower case, all that arrived. What is not signed but sent is not looked at."""
    found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not found or "x-amz-date" not in headers or not headers["x-amz-date"].startswith(found["day"]):
        return False
    signed = found["signed"].split(";")
    if "host" not in signed or "x-amz-date" not in signed or not set(signed) <= set(headers):
        return False
    auth = SigV4Auth(ReadOnlyCredentials(found["key"], secret, None), found["service"], found["region"])
    request = AWSRequest(method=method, url=url, headers={name: headers[name] for name in signed}, data=body)
    request.context["timestamp"] = headers["x-amz-date"]
    to_sign = auth.string_to_sign(request, auth.canonical_request(request))
    return auth.signature(to_sign, request) == found["signature"]
