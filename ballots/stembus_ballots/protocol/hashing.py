"""Hashes of texts, and the challenges of proofs. Source: Belenios specification 2.0, section 4; each to the byte."""

import base64
import hashlib
from collections.abc import Iterable


def sha256_hex(text: str) -> str:
    """SHA-256 of a text in UTF-8, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_int(text: str) -> int:
    """SHA-256 of a text in UTF-8, as a number: the first byte is the highest."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def b64(data: bytes) -> str:
    """SHA-256 of some bytes in Base64 without padding: the 43 characters of fingerprints, trackers and signatures."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode("ascii").rstrip("=")


def challenge(prefix: str, commitments: Iterable[str], order: int) -> int:
    """The challenge of a proof: the hash of what it is about and of the texts of its commitments, modulo the order.

    `prefix` names the kind of proof and its statement, and ends with a vertical bar.
    """
    return sha256_int(prefix + ",".join(commitments)) % order
