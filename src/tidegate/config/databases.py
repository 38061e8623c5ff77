"""Addresses of databases, judged by their spelling alone: what is wrong is said, and nothing of them is repeated."""

from difflib import get_close_matches
from urllib.parse import parse_qsl, unquote, urlsplit

POSTGRESQL = "postgresql://"
_SCHEMES = (POSTGRESQL, "postgres://")
_OPTIONS = (
    "host",
    "port",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslcrl",
    "channel_binding",
    "require_auth",
    "passfile",
    "application_name",
    "connect_timeout",
    "target_session_attrs",
    "load_balance_hosts",
    "gssencmode",
    "krbsrvname",
)
_SSLMODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_NAME_IT = 'a password never stands in the configuration: name where it is, password = "env:NAME"'


def is_postgresql(url: str) -> bool:
    return url.startswith((*_SCHEMES, "postgresql+"))


def postgresql_url(url: str, *, from_reference: bool = False) -> str:
    """The same as `postgresql://…`. `from_reference`: it came from where secrets are, so a password may be in it.

    Raises ValueError with what is wrong and what to write.
    """
    scheme = next((one for one in _SCHEMES if url.startswith(one)), None)
    if scheme is None:
        raise ValueError(f'write "{POSTGRESQL}USER@HOST/DATABASE": which driver speaks to it is not chosen here')
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise ValueError(f'it is no URL: write "{POSTGRESQL}USER@HOST/DATABASE"') from None
    if "password" in options or (parts.password is not None and not from_reference):
        raise ValueError(_NAME_IT)
    if not unquote(parts.path.lstrip("/")) or parts.fragment:
        raise ValueError(f'it names no database: write "{POSTGRESQL}USER@HOST/DATABASE"')
    _check_options(options)
    return POSTGRESQL + url.removeprefix(scheme)


def _check_options(options: dict[str, str]) -> None:
    for name in options:
        if name not in _OPTIONS:
            close = get_close_matches(name, _OPTIONS, n=1)
            advice = f"did you mean {close[0]}?" if close else f"there are {', '.join(_OPTIONS)}"
            raise ValueError(f"one of its options behind the ? is not known: {advice}")
    mode = options.get("sslmode")
    if mode is not None and mode not in _SSLMODES:
        raise ValueError(f"its sslmode is none; there are {', '.join(_SSLMODES)}")
