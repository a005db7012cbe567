"""The secret that the program of a trustee shows to the server; the server knows only what it hashes to."""

import hashlib


def token_sha256(token: str) -> str:
    """SHA-256 of the secret, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
