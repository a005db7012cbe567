"""Two scanners let loose on the served pages (W8), with one page beside them that has the holes that they look for.

That they find these shows that they came in and looked; anything else that they find is a hole of ours.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromQuery
from served_site import Site, serve_in_thread
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from stembus.access.sessions import session_of
from stembus.clock import RunningClock
from stembus.entry import anyone
from stembus.instance import open_instance
from stembus.web import Answer, Visit, page
from stembus.web.cookies import SESSION

TOOLS = Path(__file__).parents[2] / ".venv-audit" / "bin"
HOLES = "/holes"
OFFICE = "001001"
SEARCHES = ("/members?q=vis&branch=", "/phone?q=vis", "/acts?procedure=x&of=bestuur", "/ledger?before=9")


@page(HOLES, who=anyone)
def holes(visit: NamedDependency[Visit], q: FromQuery[str] = "1") -> Answer:
    """A page as nobody should write it: what was asked becomes part of a statement and of the page."""
    with visit.read() as session:
        try:
            found = str(session.execute(text(f"SELECT number FROM member WHERE number = '{q}'")).all())  # noqa: S608
        except DatabaseError as error:
            found = str(error)
    return Response(f"<p>{q}: {found}</p><a href='{HOLES}?q=001001'>again</a>", media_type="text/html")


@pytest.fixture(scope="module")
def attacked(played_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A party that may be spoilt, served with the page that has holes."""
    for tool in ("wapiti", "sqlmap"):
        if not (TOOLS / tool).exists():
            pytest.skip(f"NOT RUN: {tool} is missing (make test installs it)")
    folder = tmp_path_factory.mktemp("attacked") / "instance"
    shutil.copytree(played_demo / "instance", folder)
    instance = open_instance(folder)
    instance.clock = RunningClock(datetime(2026, 7, 2, 10, tzinfo=UTC))
    site, server = serve_in_thread(instance, extra_pages=[holes])
    yield site
    server.stop()
    instance.close()


def run(folder: Path, tool: str, *arguments: str) -> str:
    """Run a scanner in a folder of its own, where it also keeps what it keeps; return what it said."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder), "TERM": "dumb"}
    ended = subprocess.run(
        [TOOLS / tool, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return ended.stdout + ended.stderr


def scanned(attacked: Site, folder: Path, secret: str, *arguments: str) -> tuple[int, set[tuple[str, str]]]:
    """Let wapiti scan as somebody of the office; return how many pages it saw, and what it found where."""
    said = run(
        folder, "wapiti", *arguments, "-x", f"{attacked.address}/sign-out", "--max-attack-time", "5", "--tasks", "4",
        "-H", f"Cookie: {SESSION}={secret}", "-H", f"Origin: {attacked.address}", "-H", "Sec-Fetch-Site: same-origin",
        "-f", "json", "-o", "report.json", "--store-session", "session", "--store-config", "config",
        "--flush-session", "--no-bugreport",
    )  # fmt: skip
    assert (folder / "report.json").exists(), said[-2000:]
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    found = {
        (kind, one["path"])
        for part in ("vulnerabilities", "anomalies")
        for kind, several in report[part].items()
        for one in several
    }
    return report["infos"]["crawled_pages_nbr"], found


def test_w8_wapiti_finds_the_planted_hole_and_nothing_of_ours(attacked: Site, tmp_path: Path) -> None:
    secret = attacked.secret_of(OFFICE)
    planted = f"{attacked.address}{HOLES}?q=001001"
    _, found = scanned(attacked, tmp_path, secret, "-u", planted, "--scope", "url", "-m", "xss")
    assert found == {("Reflected Cross Site Scripting", HOLES)}
    starts = [part for path in ("/desk", "/members", "/phone") for part in ("-s", attacked.address + path)]
    pages, found = scanned(
        attacked, tmp_path, secret, "-u", f"{attacked.address}/", *starts, "-m",
        "xss,permanentxss,sql,exec,file,crlf,redirect,csp,http_headers", "-d", "2", "--max-links-per-page", "30",
        "--max-files-per-dir", "8", "--max-scan-time", "10",
    )  # fmt: skip
    assert pages >= 15
    assert found == set()
    with attacked.instance.read() as session:
        now = attacked.instance.clock.now()
        assert session_of(attacked.instance, session, secret, now), "it scanned as somebody who had been signed out"


def test_w8_sqlmap_finds_the_planted_hole_and_nothing_of_ours(attacked: Site, tmp_path: Path) -> None:
    targets = tmp_path / "targets"
    paths = (f"{HOLES}?q=1", *SEARCHES, "/api/procedures/x*", "/procedures/x*")
    targets.write_text("".join(f"{attacked.address}{path}\n" for path in paths), encoding="utf-8")
    said = run(
        tmp_path, "sqlmap", "-m", "targets", "--cookie", f"{SESSION}={attacked.secret_of(OFFICE)}", "--batch",
        "--technique", "BEU", "--level", "1", "--risk", "1", "--threads", "2", "--dbms", "sqlite", "--smart",
        "--output-dir", "output", "--disable-coloring",
    )  # fmt: skip
    injectable = [line for line in said.splitlines() if "is vulnerable" in line or "appears to be" in line]
    (results,) = (tmp_path / "output").glob("results-*.csv")
    rows = results.read_text(encoding="utf-8").splitlines()[1:]
    assert len(rows) == 1, said[-3000:]
    assert rows[0].startswith(f"{attacked.address}{HOLES}?q=1,"), injectable
