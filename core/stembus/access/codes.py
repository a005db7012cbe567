"""Codes that people type over: letters and digits that look like nothing else, and a check on typing errors.

The alphabet is Crockford's base 32: no I, L, O or U. Whoever types one of the first three meant 1, 1 and 0.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 5
LETTER_SYMBOLS = 18
"""Of the code in a letter: 90 bits, so that its fingerprint can be kept without a key (NIST SP 800-63B asks 64)."""
CHECK_SYMBOLS = 2
CHECK_PRIME = 1021
"""The largest prime that two symbols can write: every single wrong symbol and every swap of two neighbours shows."""
MAIL_SYMBOLS = 8
"""Of the code in a mail: 40 bits, for five tries in ten minutes in one browser."""
_MEANT = str.maketrans("ILO", "110")


def new_letter_code() -> str:
    """Return a new code for a letter: 90 bits and a check, in four groups of five."""
    value = secrets.randbits(5 * LETTER_SYMBOLS)
    return grouped(_written(value, LETTER_SYMBOLS) + _check(value))


def new_mail_code() -> str:
    """Return a new code for a mail: 40 bits in two groups of four."""
    code = _written(secrets.randbits(5 * MAIL_SYMBOLS), MAIL_SYMBOLS)
    return f"{code[:4]}-{code[4:]}"


def grouped(code: str) -> str:
    """Return a code in groups of five, as it is printed."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """Return what somebody typed as a code is kept: without spaces and dashes, in capitals, O as 0, I and L as 1.

    Other signs stay in it, so that it then fits nothing.
    """
    return "".join(c for c in typed.upper() if not c.isspace() and c not in "-–—.").translate(_MEANT)


def is_well_typed(code: str) -> bool:
    """Whether a code from a letter, as `read_code` returns it, has the right length, letters and check."""
    if len(code) != LETTER_SYMBOLS + CHECK_SYMBOLS or any(c not in ALPHABET for c in code):
        return False
    return _check(_value(code[:LETTER_SYMBOLS])) == code[LETTER_SYMBOLS:]


def _check(value: int) -> str:
    return _written(value % CHECK_PRIME, CHECK_SYMBOLS)


def _written(value: int, symbols: int) -> str:
    return "".join(ALPHABET[value >> 5 * place & 31] for place in reversed(range(symbols)))


def _value(code: str) -> int:
    value = 0
    for symbol in code:
        value = value << 5 | ALPHABET.index(symbol)
    return value
