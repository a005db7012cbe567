"""`make bench`, or `python -m bench [SECTION ...]`: prints the tables of each section.

A section is a module in this folder with a `TITLE` and a `run() -> bool` that is False where something that should
have been measured could not be. Exit code 1 then, 2 for a section that does not exist.
"""

import importlib
import pkgutil
import platform
import sys
import time

import bench


def sections() -> list[str]:
    """The names of the sections, in alphabetical order."""
    named = [module.name for module in pkgutil.iter_modules(bench.__path__)]
    return [name for name in named if name != "__main__" and hasattr(importlib.import_module(f"bench.{name}"), "run")]


def main(wanted: list[str]) -> int:
    """Runs the sections named, or all of them."""
    known = sections()
    if unknown := [name for name in wanted if name not in known]:
        print(f"No section {', '.join(unknown)}; the sections are: {', '.join(known)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()} on {platform.machine()}; seconds of wall time, one run each.")
    complete = True
    for name in wanted or known:
        section = importlib.import_module(f"bench.{name}")
        print(f"\n{section.TITLE}\n", flush=True)
        start = time.perf_counter()
        complete &= section.run()
        print(f"\n({name}: {time.perf_counter() - start:.0f} s)", flush=True)
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
