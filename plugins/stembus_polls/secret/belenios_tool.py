"""The verdict of a program that others wrote: `belenios-tool`, where this machine has it."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

LONGEST_SECONDS = 6 * 60 * 60
MOST_SAID = 2000


class OtherVerdict(NamedTuple):
    """Whether belenios-tool accepts an archive, and what it said."""

    holds: bool
    said: str


def belenios_verdict(archive: bytes, uuid: str) -> OtherVerdict | None:
    """Return what belenios-tool says of the archive of a whole poll; None where it is not on this machine.

    Its exit code alone says nothing: it also ends with 0 for a poll that has no result yet, and says so.
    """
    program = shutil.which("belenios-tool")
    if program is None:
        return None
    with TemporaryDirectory(prefix="stembus-belenios-") as folder:
        Path(folder, f"{uuid}.bel").write_bytes(archive)
        try:
            done = subprocess.run(  # noqa: S603 - the program is the one on the path, its arguments are ours
                [program, "election", "verify", f"--dir={folder}"],
                capture_output=True,
                text=True,
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return OtherVerdict(holds=False, said=f"no verdict after {LONGEST_SECONDS // 3600} hours")
    said = done.stderr.strip()
    is_whole = "all checks passed" in said and "no result" not in said
    return OtherVerdict(holds=done.returncode == 0 and is_whole, said=said[-MOST_SAID:])
