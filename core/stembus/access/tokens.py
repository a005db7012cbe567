"""Secrets that somebody shows to be known again. The database holds their fingerprints only."""

import hashlib
import secrets


def new_token() -> str:
    """Return a new secret of 256 bits, in letters that an address and a cookie may hold."""
    return secrets.token_urlsafe(32)


def fingerprint(purpose: str, secret: str) -> str:
    """Return SHA-256 of a secret for one purpose, in hexadecimal: what is kept of it.

    The purpose is part of it, so that a secret for one thing never opens another.
    """
    return hashlib.sha256(f"stembus {purpose}\0{secret}".encode()).hexdigest()
