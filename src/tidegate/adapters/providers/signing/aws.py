"""AWS Signature Version 4 by botocore, over the very bytes of the permit (the `bedrock` extra)."""

import asyncio
import json
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tidegate.core.values.errors import ConfigError, UpstreamError

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

Header = tuple[str, str]

_SERVICE = "bedrock"
_EXTRA = 'Bedrock\'s requests are signed by botocore, which is not installed: pip install "tidegate[bedrock]".'
_KEYS = ("AccessKeyId", "SecretAccessKey", "SessionToken")


class AwsSigner:
    """A `Signer`. Without a document, credentials come from botocore's usual chain: environment, the shared files and
    their profile, SSO, a process, and the metadata of the container or machine. That chain may itself ask AWS or a
    metadata service, so it is gone through in a thread; what it finds is kept until botocore says that it runs out.
    """

    def __init__(self, *, region: str, profile: str = "", document: str = "") -> None:
        """`document`: credentials as `aws configure export-credentials` prints them. Raises ConfigError."""
        try:
            from botocore.auth import SigV4Auth
            from botocore.awsrequest import AWSRequest
        except ImportError:
            raise ConfigError([_EXTRA]) from None
        self._auth, self._request = SigV4Auth, AWSRequest
        self._region, self._profile = region, profile
        self._fixed = _fixed(document) if document else None
        self._chain: Any = None
        self._lock = threading.Lock()

    async def sign(self, method: str, url: str, headers: Sequence[Header], body: bytes) -> Sequence[Header]:
        credentials = self._fixed or await self._found()
        request = self._request(method=method, url=url, headers=dict(headers), data=body)
        self._auth(credentials, _SERVICE, self._region).add_auth(request)
        before = {name for name, _ in headers}
        return [(name.lower(), value) for name, value in request.headers.items() if name.lower() not in before]

    def forget(self) -> None:
        """The chain is asked anew; credentials that were configured stay what they are."""
        self._chain = None

    async def aclose(self) -> None:
        pass

    async def _found(self) -> "ReadOnlyCredentials":
        chain = self._chain
        if chain is not None and not _runs_out(chain):
            found: ReadOnlyCredentials = chain.get_frozen_credentials()
            return found
        return await asyncio.to_thread(self._look)

    def _look(self) -> "ReadOnlyCredentials":
        from botocore.exceptions import BotoCoreError
        from botocore.session import Session

        try:
            with self._lock:  # one look serves all who wait
                chain = self._chain = self._chain or Session(profile=self._profile or None).get_credentials()
                found: ReadOnlyCredentials | None = chain.get_frozen_credentials() if chain else None
        except (BotoCoreError, OSError, ValueError, KeyError) as error:
            # Its type alone: what a credential process or a file said may hold a secret.
            why = f"AWS credentials cannot be had ({type(error).__name__})"
            raise UpstreamError("connect", f"{why}; `aws sts get-caller-identity` shows why.") from None
        if found is None or not found.access_key:
            raise UpstreamError("connect", "no AWS credentials are found; set a profile, or credentials by reference.")
        return found


def _runs_out(chain: Any) -> bool:
    """Static credentials have no such question."""
    asked = getattr(chain, "refresh_needed", None)
    return bool(asked and asked())


def _fixed(document: str) -> "ReadOnlyCredentials":
    from botocore.credentials import ReadOnlyCredentials

    try:
        tree = json.loads(document)
        key, secret, token = [tree.get(name) or "" for name in _KEYS]
    except (ValueError, AttributeError, RecursionError):
        key = secret = token = ""
    if not all(isinstance(each, str) for each in (key, secret, token)) or not key or not secret:
        raise ConfigError(
            [f"AWS credentials are no JSON object with {', '.join(_KEYS[:2])}: `aws configure export-credentials`."]
        )
    return ReadOnlyCredentials(key, secret, token or None)
