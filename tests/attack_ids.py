"""Which attacks are tried where: a test carries the ids of its attacks in its name, as in `test_b2_t7_a_mix_…`."""

import re
from pathlib import Path


def ids_in(file: Path) -> set[str]:
    """The ids in the names of the tests of a file."""
    names = re.findall(r"^ *def test_(\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {part.upper() for name in names for part in name.split("_")}


def ids_in_folder(folder: Path) -> set[str]:
    """The ids in the names of all tests below a folder."""
    return {attack for file in folder.rglob("test_*.py") for attack in ids_in(file)}
