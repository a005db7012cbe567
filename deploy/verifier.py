"""Pack the verifier of secret polls into one file that Python runs: the same bytes from the same sources, each time."""

import sys
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

MAIN = '''\
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
OLDEST = (1980, 1, 1, 0, 0, 0)  # what a zip file can say at the earliest: no time of making makes two files differ


def pack(sources: Path, target: Path) -> None:
    """Write the package in `sources` and the program that starts it to `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    files = {f"{path.relative_to(sources.parent)}": path.read_bytes() for path in sorted(sources.rglob("*.py"))}
    with target.open("wb") as raw:
        raw.write(b"#!/usr/bin/env python3\n")
        with ZipFile(raw, "w", ZIP_STORED) as packed:
            for name, content in {"__main__.py": MAIN.encode(), **files}.items():
                packed.writestr(ZipInfo(name, OLDEST), content)
    target.chmod(0o755)


if __name__ == "__main__":
    pack(Path(__file__).parent.parent / "ballots" / "stembus_ballots", Path(sys.argv[1]))
