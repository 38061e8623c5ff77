"""Whose certificates are believed: the system's authorities as OpenSSL was built to find them, or one configured file.

Made by hand rather than by `ssl.create_default_context`, which writes session keys to wherever SSLKEYLOGFILE points.
SSL_CERT_FILE and SSL_CERT_DIR are not read either: who may pose as a provider is configuration, not environment.
"""

import ssl
from pathlib import Path

from tidegate.core.values.errors import ConfigError

# Where systems keep their authorities when OpenSSL was built with another idea.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # RHEL, Fedora until 43
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora since 44
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)


def trusting(ca_file: str = "") -> ssl.SSLContext:
    """TLS 1.2 or newer, name check, HTTP/1.1 only. `ca_file` (PEM) replaces the system's authorities.

    Raises ConfigError when there is nobody to trust. Reads files: call it at start, once for many targets.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    file, folder = (ca_file, "") if ca_file else _system()
    try:
        context.load_verify_locations(cafile=file or None, capath=folder or None)
    except OSError as error:  # ssl.SSLError is one
        raise ConfigError([f"The certificate file {file} cannot be read as PEM: {_reason(error)}."]) from error
    return context


def _system() -> tuple[str, str]:
    built_in = ssl.get_default_verify_paths()
    for file in (built_in.openssl_cafile, *_BUNDLES):
        if file and Path(file).is_file():
            return file, ""
    folder = built_in.openssl_capath
    if folder and Path(folder).is_dir() and any(Path(folder).iterdir()):
        return "", folder
    raise ConfigError(
        ["No certificate authorities were found on this system: install its ca-certificates package or name a ca_file."]
    )


def _reason(error: OSError) -> str:
    return "it holds no certificate" if isinstance(error, ssl.SSLError) else (error.strerror or type(error).__name__)
