"""The cookies of a visit: all of them locked to this host (`__Host-`), and none readable by a script."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from litestar.datastructures import Cookie

SESSION = "__Host-session"
FORM = "__Host-form"
NOTE = "__Host-note"
LANG = "__Host-lang"
THEME = "__Host-theme"
ZONE = "__Host-zone"
YEAR = 365 * 24 * 3600
NOTE_LENGTH = 1000


def cookie(name: str, value: str, *, max_age: int | None = None) -> Cookie:
    """Return a cookie; without `max_age` (seconds) it ends with the browser."""
    return Cookie(key=name, value=value, max_age=max_age, path="/", secure=True, httponly=True, samesite="lax")


def gone(name: str) -> Cookie:
    """Return what makes a browser forget a cookie."""
    return cookie(name, "", max_age=0)


def packed(text: str) -> str:
    """Return a short text in letters that a cookie may hold."""
    return urlsafe_b64encode(text[:NOTE_LENGTH].encode()).decode()


def unpacked(value: str) -> str:
    """Return the text in a cookie, or nothing when it is not one of ours."""
    try:
        return urlsafe_b64decode(value.encode()).decode()[:NOTE_LENGTH]
    except (Error, ValueError):
        return ""
