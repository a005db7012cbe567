"""Mail addresses that a mail server takes, and text that may stand in the head of a mail."""

import re

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


def deliverable(text: str) -> str | None:
    """Return a mail address as servers write it (its domain in ASCII), or None when it is none.

    Letters outside ASCII before the @ are left to nobody: many servers still refuse them (RFC 6531).
    """
    local, at, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    fits = _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) and len(local) + len(domain) < 254
    return f"{local}@{domain}" if at and fits else None


def in_letters(address: str) -> str:
    """Return a deliverable address with its domain in letters, as people write it; the same where it has none."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode().decode('idna')}"
    except UnicodeError:
        return address


def one_line(text: str) -> str:
    """Return `text` on one line, without what could end a line of the head of a mail or hide in it (ASVS 1.3.11)."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
