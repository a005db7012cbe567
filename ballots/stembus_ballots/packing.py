"""The verifier as one file that Python runs: the same bytes from the same sources, wherever it is packed."""

from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

MAIN: Final = '''\
"""The verifier of secret polls: python3 stembus-verify.pyz verify ARCHIVE"""

import sys

if __name__ == "__main__":
    try:
        import msgspec  # noqa: F401
    except ImportError:
        print("This needs msgspec, and is eight times faster with gmpy2.", file=sys.stderr)
        print("Install both: python3 -m pip install msgspec gmpy2", file=sys.stderr)
        sys.exit(2)
    from stembus_ballots.verify_command import main

    sys.exit(main())
'''
OLDEST: Final = (1980, 1, 1, 0, 0, 0)  # what a zip file can say at the earliest: no time of making makes two differ


def packed_verifier() -> bytes:
    """Return this package and the program that starts it, in one file. Needs nothing but the standard library."""
    sources = Path(__file__).parent
    files = {path.relative_to(sources.parent).as_posix(): path.read_bytes() for path in sorted(sources.rglob("*.py"))}
    packed = BytesIO(b"#!/usr/bin/env python3\n")
    packed.seek(0, 2)
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, content in {"__main__.py": MAIN.encode(), **files}.items():
            archive.writestr(ZipInfo(name, OLDEST), content)
    return packed.getvalue()
