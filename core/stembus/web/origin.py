"""Whether a request that changes something comes from a page of ours: pure rules over its headers and its token."""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def same_host(address: str, host: str | None) -> bool:
    """Whether the Host header names the host (and port) of `address`, and nothing else."""
    return host is not None and host.lower() == urlsplit(address).netloc.lower()


def foreign_origin(address: str, method: str, headers: Mapping[str, str]) -> str | None:
    """Say why a request that changes something is not from a page of ours, or None when it is or changes nothing.

    `headers` by lower-case name. A browser says where a form was sent from in Sec-Fetch-Site and in Origin; one that
    says nothing at all is not a browser that we know. Source: OWASP CSRF prevention, "Fetch Metadata".
    """
    if method in SAFE_METHODS:
        return None
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return "it does not say which page it comes from"
    if site is not None and site != "same-origin":
        return "it comes from another site"
    wanted = urlsplit(address)
    if origin is not None and origin.lower() != f"{wanted.scheme}://{wanted.netloc}".lower():
        return "it comes from another site"
    return None


def form_token(binding: str) -> str:
    """Return the token that forms carry, made from the secret in the visitor's cookie that it is bound to."""
    return hmac.new(binding.encode(), b"stembus form", hashlib.sha256).hexdigest()


def token_fits(binding: str, token: str) -> bool:
    """Whether a form's token was made for this visitor; the time it takes tells nothing."""
    return bool(binding) and hmac.compare_digest(form_token(binding).encode(), token.encode())


def local_path(text: str, otherwise: str = "/") -> str:
    """Return a path on this site to go on to, or `otherwise` when `text` could lead elsewhere."""
    plain = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if plain else otherwise
