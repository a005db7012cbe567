"""Codes that people read from paper and type: Crockford's base32, and two letters that catch a slip of the finger.

Case, spaces, dashes and the pairs O-0, I-1 and L-1 make no difference (https://www.crockford.com/base32.html).
"""

import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORT = 8
"""Letters of the code in a mail: 40 bits, of which 5 may be guessed, in the one browser that asked."""
LONG = 18
"""Letters of a code on paper before its two check letters: 90 bits."""
_SAME = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\t": None, "\n": None, "\r": None})


def short_code() -> str:
    """Return a new code for a mail."""
    return _random(SHORT)


def long_code() -> str:
    """Return a new code for paper, with its check letters."""
    code = _random(LONG)
    return code + check_letters(code)


def typed(text: str) -> str:
    """Return a code as it was meant, from what somebody typed."""
    return text.upper().translate(_SAME)


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def is_whole(code: str) -> bool:
    """Whether a code from paper was typed without a slip: any two wrong letters and any two that swapped are seen."""
    fits = len(code) == LONG + 2 and all(letter in LETTERS for letter in code)
    return fits and check_letters(code[:LONG]) == code[LONG:]


def check_letters(code: str) -> str:
    """Return the two check letters: a Reed-Solomon code over the 32 elements of GF(2^5), so no two codes differ by 2."""
    plain = weighted = 0
    for letter in code:
        value = LETTERS.index(letter)
        plain ^= value
        weighted = _doubled(weighted) ^ value
    # The check letters take part at the places 1 and 0, so that plain and weighted sums of the whole code are nought.
    first = _divided(_doubled(_doubled(weighted)) ^ plain)
    return LETTERS[first] + LETTERS[first ^ plain]


def _random(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def _doubled(value: int) -> int:
    """Return `value` times x in GF(2^5), with x^5 = x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _divided(value: int) -> int:
    """Return `value` divided by x + 1."""
    return next(one for one in range(32) if _doubled(one) ^ one == value)
