"""Debian's belenios-tool on an archive of ours, with the processor time that it takes."""

import resource
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

TOOL = shutil.which("belenios-tool")


class Took(NamedTuple):
    """Seconds by the clock and of the processors."""

    wall: float
    cpu: float

    def __sub__(self, other: "Took") -> "Took":
        return Took(max(self.wall - other.wall, 0.0), max(self.cpu - other.cpu, 0.0))

    def times(self, factor: float) -> "Took":
        """Returns the same for so many times the work."""
        return Took(self.wall * factor, self.cpu * factor)


def verify(archive: bytes) -> Took:
    """Returns what `election verify` takes. Raises RuntimeError where it does not accept the archive."""
    return _run(archive, ["election", "verify"])


def shuffle(archive: bytes) -> Took:
    """Returns what a shuffle by trustee 1 takes, with the checks that the tool makes first."""
    return _run(archive, ["election", "shuffle", "--trustee-id", "1"])


def decrypt(archive: bytes, secret: int) -> Took:
    """Returns what a partial decryption by trustee 1 takes, with the checks that the tool makes first."""
    return _run(archive, ["election", "decrypt", "--trustee-id", "1", "--privkey", "key"], f'"{secret}"')


def _run(archive: bytes, arguments: Sequence[str], key: str = "") -> Took:
    with TemporaryDirectory(prefix="stembus-bench-") as folder:
        (Path(folder) / "poll.bel").write_bytes(archive)
        (Path(folder) / "key").write_text(key, encoding="ascii")
        before = Took(time.perf_counter(), _finished_processes())
        process = subprocess.run(
            [TOOL or "belenios-tool", *arguments],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        took = Took(time.perf_counter(), _finished_processes()) - before
    if process.returncode:
        last = process.stderr.strip()[-300:]
        raise RuntimeError(f"belenios-tool {' '.join(arguments)} refused the archive: {last}")
    return took


def _finished_processes() -> float:
    """Returns the processor seconds of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
