"""`make bench`, or `python -m bench [SECTION ...]`: prints the tables of each section.

A section is a module in this folder with a `TITLE` and a `run() -> bool` that is False where something that should
have been measured could not be. Exit code 1 then, 2 for a section that does not exist.
"""

import importlib
import pkgutil
import platform
import subprocess
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
    names = wanted or known
    if len(names) > 1:
        # Each in a process of its own: what one section used would count as memory of what the next one starts.
        return max(subprocess.run([sys.executable, "-m", "bench", name], check=False).returncode for name in names)
    section = importlib.import_module(f"bench.{names[0]}")
    print(f"\n{section.TITLE}\nPython {platform.python_version()} on {platform.machine()}; wall time, one run each.\n")
    sys.stdout.flush()
    start = time.perf_counter()
    complete = section.run()
    print(f"\n({names[0]}: {time.perf_counter() - start:.0f} s)", flush=True)
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
