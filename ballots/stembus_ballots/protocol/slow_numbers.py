"""What gmpy2 does, by Python itself: eight times slower, and for public numbers only."""

from typing import NoReturn


def mpz(value: int | str = 0, base: int = 10, /) -> int:
    """A number."""
    return int(value, base) if isinstance(value, str) else int(value)


def powmod(base: int, exponent: int, modulus: int, /) -> int:
    """The base to the power of an exponent that is no secret."""
    return pow(base, exponent, modulus)


def powmod_sec(_base: int, _exponent: int, _modulus: int, /) -> NoReturn:
    """Refuses: Python has no power that takes the same time for each exponent, and secrets need one."""
    raise RuntimeError("gmpy2 is needed wherever a secret key is used: install it. Without it polls are only verified.")


def invert(number: int, modulus: int, /) -> int:
    """The number that gives 1 with this one. Raises ZeroDivisionError where there is none."""
    try:
        return pow(number, -1, modulus)
    except ValueError as error:
        raise ZeroDivisionError("the number has no inverse") from error


def jacobi(number: int, modulus: int, /) -> int:
    """The Jacobi symbol of a number over an odd modulus (Cohen, Computational Algebraic Number Theory, 1.4)."""
    number %= modulus
    symbol = 1
    while number:
        twos = (number & -number).bit_length() - 1
        number >>= twos
        if twos % 2 and modulus % 8 in (3, 5):
            symbol = -symbol
        if number % 4 == modulus % 4 == 3:
            symbol = -symbol
        number, modulus = modulus % number, number
    return symbol if modulus == 1 else 0
