"""What is installed is what was looked at: pinned by digest, listed, from no named place, built from what is here."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "deploy").glob("requirements*.txt"))
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
BUILD = """
import socket, sys
def refuse(*_):
    raise OSError("the build asked for the network")
socket.socket.connect = socket.getaddrinfo = refuse
from hatchling.build import build_wheel
build_wheel(sys.argv[1])
"""


def pinned_in(lock: Path) -> set[tuple[str, str]]:
    """Return the packages of a lock with their versions."""
    return set(PINNED.findall(lock.read_text(encoding="utf-8")))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_w13_every_package_is_pinned_by_its_digest(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    packages = [entry for entry in entries if not entry.startswith("#")]
    assert packages
    for entry in packages:
        assert PINNED.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_w13_every_script_of_the_pages_is_pinned_by_its_digest() -> None:
    lock = json.loads((ROOT / "deploy/assets/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_w13_installing_asks_for_the_digests() -> None:
    for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines():
        if "pip install" in line:
            assert "--require-hashes" in line or ("--no-deps" in line and "--editable ." in line), line


def test_w13_no_committed_file_names_where_packages_come_from() -> None:
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    places = [
        b"py" + b"pi.org",
        b"python" + b"hosted.org",
        b"npm" + b"js.",
        b"index" + b"-url =",
        b"extra-" + b"index-url",
    ]
    named = [
        (name.decode(), place.decode())
        for name in filter(None, files)
        for place in places
        if (ROOT / name.decode()).is_file() and place in (ROOT / name.decode()).read_bytes()
    ]
    assert named == []


def test_w13_the_bill_of_materials_is_complete(tmp_path: Path) -> None:
    if not (ROOT / ".venv-audit/bin/cyclonedx-py").exists():
        pytest.skip("NOT RUN: cyclonedx-py is missing (make test installs it)")
    bill = tmp_path / "sbom.json"
    made = ["make", "-s", "sbom", f"SBOM={bill}"]
    subprocess.run(made, cwd=ROOT, check=True, capture_output=True)
    told = json.loads(bill.read_text(encoding="utf-8"))
    listed = {(one["name"], one["version"]) for one in told["components"]}
    assert listed == pinned_in(ROOT / "deploy/requirements.txt")
    assert told["metadata"]["component"]["name"] == "stembus"
    assert all(one["externalReferences"][0]["hashes"] for one in told["components"])


def test_w13_the_software_is_built_without_the_network(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE", "core", "ballots", "procedures", "plugins"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    out = tmp_path / "built"
    subprocess.run([sys.executable, "-c", BUILD, str(out)], cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "stembus/web/templates/problem.html",
        "stembus/web/static/base.css",
        "stembus_procedures/policies/partijraad.toml",
        "stembus_polls/plugin.py",
    ):
        assert wanted in names, wanted
    assert not [name for name in names if name.startswith("tests/")]
