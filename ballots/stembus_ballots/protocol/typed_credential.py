"""A credential as people get it on paper and type it: made, shown, read back, and turned into the secret that signs.

28 characters of Crockford's base32, the last two of which are a check: 7 groups of 4, XXXX-XXXX-…-XXXX. The 26 others
carry 130 random bits. The check is that of a Reed-Solomon code: with each character as an element of GF(32), the sum
of all is 0, and so is the polynomial that they are the coefficients of (the first the highest) at α = 2. Its words
differ in three places at least, so every mistake in one or two characters is found, wherever they stand, two that
changed places among them; of all other mistakes 1023 in 1024. Sources: Crockford, base 32; Belenios specification 2.0,
section 4.8, for the secret.
"""

import re
from contextlib import suppress
from typing import Final

from stembus_ballots.protocol.credentials import derived_secret
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Group, RandomBelow

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS: Final = 26
LENGTH: Final = 28
GROUP: Final = 4
LOOKALIKES: Final = str.maketrans("OIL", "011")
SEPARATORS: Final = "-‐‑–—_.,"
HYPHENED: Final = re.compile(r"(?<![^\W_])[^\W_]{4}(?:[-‐‑–—][^\W_]{4}){6}(?![^\W_])")
UNHYPHENED: Final = re.compile(r"(?<![^\W_])[^\W_]{4}(?:\s*[^\W_]{4}){6}(?![^\W_])")
_FIELD = 0b100101  # x⁵ + x² + 1, of which α = 2 is a root


def new_credential(random_below: RandomBelow) -> str:
    """A new credential in the form that `read_credential` gives, from a random source that nobody can guess."""
    return with_check([random_below(32) for _ in range(RANDOM_CHARACTERS)])


def with_check(digits: list[int]) -> str:
    """A code of these digits from 0 to 31 (29 at most), with the two characters after them that make it one."""
    total = _syndromes(digits)[0]
    last_two = next([one, one ^ total] for one in range(32) if _syndromes([*digits, one, one ^ total]) == (0, 0))
    return "".join(ALPHABET[digit] for digit in digits + last_two)


def shown(credential: str) -> str:
    """A credential as it is printed and shown: in groups of four characters."""
    return "-".join(credential[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def read_credential(typed: str) -> str:
    """The credential that somebody typed, in capitals and without hyphens.

    Capitals or not, hyphens and spaces make no difference; O is read as 0, I and L as 1. Raises
    ProtocolError(credential.missing, .character, .length or .check), which says what to look at and repeats nothing
    of what was typed.
    """
    bare = "".join(character for character in typed if not (character.isspace() or character in SEPARATORS))
    if not bare:
        raise ProtocolError("credential.missing", f"Type the code: {LENGTH} letters and digits.")
    credential = "".join(_capital(character) for character in bare).translate(LOOKALIKES)
    for place, character in enumerate(credential, 1):
        if character not in ALPHABET:
            raise ProtocolError(
                "credential.character", f"Character {place} is in no code: expected a digit, or a letter but no U."
            )
    if len(credential) != LENGTH:
        raise ProtocolError("credential.length", f"A code has {LENGTH} characters, and this has {len(credential)}.")
    if _syndromes([ALPHABET.index(character) for character in credential]) != (0, 0):
        raise ProtocolError("credential.check", "This code has a typing mistake: compare it with the letter.")
    return credential


def holds_credential(text: str) -> bool:
    """Whether something in a text looks like a credential: in its groups with hyphens, right or mistyped, or without
    hyphens where the check is right.
    """
    if HYPHENED.search(text):
        return True
    for found in UNHYPHENED.finditer(text):
        with suppress(ProtocolError):
            read_credential(found[0])
            return True
    return False


def secret_of(typed: str, uuid: str, group: Group) -> int:
    """The secret exponent of a credential in the poll `uuid`. Raises ProtocolError as `read_credential` does."""
    return derived_secret(read_credential(typed), uuid, group)


def _capital(character: str) -> str:
    return character.upper() if character.isascii() else character  # “ſ” and “ı” are no letters of a code


def _syndromes(digits: list[int]) -> tuple[int, int]:
    """The sum of the digits and their polynomial at α: both 0 in a credential without mistakes."""
    total = value = 0
    for digit in digits:
        total ^= digit
        value = value << 1 ^ digit ^ (_FIELD if value & 16 else 0)
    return total, value
