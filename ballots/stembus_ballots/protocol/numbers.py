"""Arithmetic with big numbers: by gmpy2, which Stembus always has, and where an auditor lacks it by Python itself.

Without gmpy2 a small poll can still be verified, and nothing can be made that a secret key goes into.
"""

try:
    from gmpy2 import invert, jacobi, mpz, powmod, powmod_sec
except ImportError:
    from stembus_ballots.protocol.slow_numbers import invert, jacobi, mpz, powmod, powmod_sec

__all__ = ["invert", "jacobi", "mpz", "powmod", "powmod_sec"]
