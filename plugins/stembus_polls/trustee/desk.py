"""What the page of a trustee shows and does: where the poll stands, what to do now, whom it waits for."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment

from stembus.errors import Problem, UnusableInput
from stembus.sealed_file import check_passphrase
from stembus.web.languages import chosen_language
from stembus.web.words import Lang, environment
from stembus.words import N_
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.work import ONE_BY_ONE, Workers
from stembus_polls.trustee.destroying import destroy, promises, require_over, why_keep
from stembus_polls.trustee.going_on import Now, Trustee, take_up
from stembus_polls.trustee.invitation import read_invitation
from stembus_polls.trustee.key_file import has_key_file, open_key_file
from stembus_polls.trustee.refusals import told
from stembus_procedures.sentence import Sentence
from stembus_procedures.text.phrases import in_figures

STEPS = ("key", "rehearse", "wait", "mix", "open", "destroy")
STEP_OF = {
    "agree": "key",
    "compare": "key",
    "wait_ceremony": "key",
    "must_leave": "key",
    "restarted": "key",
    "rehearse": "rehearse",
    "wait_rehearsals": "rehearse",
    "wait_poll": "wait",
    "wait_objections": "wait",
    "wait_list": "wait",
    "mix": "mix",
    "wait_mixes": "mix",
    "decrypt": "open",
    "wait_decryptions": "open",
    "counted": "destroy",
    "cancelled": "destroy",
    "annulled": "destroy",
}
WAITS = frozenset({kind for kind in STEP_OF if kind.startswith("wait_")} | {"compare", "must_leave"})
ZONE = ZoneInfo("Europe/Amsterdam")
CHECKS = ("Checking ballots", "verify the shuffle")
"""How the steps begin in which what others did is checked, and nothing is made yet."""


class OwnWords:
    """The templates and catalogues of the polls, without an instance."""

    def templates(self) -> Mapping[str, Traversable]:
        """The folder of templates."""
        return {"polls": files("stembus_polls") / "templates"}

    def translations(self) -> Mapping[str, Traversable]:
        """The folder of catalogues."""
        return {"polls": files("stembus_polls") / "locale"}


class Shown:
    """What the parts of a page ask of the one who looks at it."""

    path, reader_zone = "/", None

    def __init__(self, token: str, problem: Problem | None, filled: Mapping[str, str], zone: ZoneInfo) -> None:
        self.csrf_token, self.problem, self.zone = token, problem, zone
        self.filled = {name: value for name, value in filled.items() if not name.startswith("passphrase")}
        self.shows_typed = True

    def begin_form(self, action: str, values: Mapping[str, str]) -> None:
        """There is one form at a time on this page."""

    def end_form(self) -> None:
        """There is one form at a time on this page."""

    def apart(self, name: str) -> str:
        """Each name is there once."""
        return name


class Desk:
    """The desk of one trustee at this machine: a folder, opened or not, and what is being worked on."""

    def __init__(self, folder: Path, language: Lang = "nl", *, workers: Workers = ONE_BY_ONE) -> None:
        self.folder, self.language = folder, language
        self.form_token = secrets.token_urlsafe(32)
        self.is_closed = False
        self._workers = workers
        self._program: Trustee | None = None
        self._lock = threading.RLock()
        self._work: threading.Thread | None = None
        self._makes = ""
        self._progress: tuple[str, int, int] = ("", 0, 0)
        self._trouble: Problem | ProtocolError | None = None
        self._goodbye: Sentence | None = None
        self._environments: dict[Lang, Environment] = {}

    def page(self, language: str | None) -> str:
        """The page as it is now, in another language where one is asked for."""
        if language:
            self.language = chosen_language(language, None, None)
        return self._render(None, {})

    def changed(self) -> dict[str, str | int]:
        """A mark that differs when the page would, and how far the work is."""
        _step, done, of = self._progress
        return {"mark": self._mark(*self._state()), "done": done if self.is_working else 0, "of": of}

    def act(self, name: str, form: Mapping[str, str]) -> str | None:
        """Do what a form asks; return the page that says what is wrong, None where it was done."""
        actions: dict[str, Callable[[Mapping[str, str]], None]] = {
            "begin": self._begin,
            "unlock": self._unlock,
            "agree": self._agree,
            "compare": self._compare,
            "again": self._begin_again,
            "rehearse": self._rehearse,
            "mix": lambda _form: self._start("mix", lambda program: program.mix(self._hear)),
            "decrypt": lambda _form: self._start("open", lambda program: program.decrypt(self._hear)),
            "destroy": self._destroy,
            "close": self._close,
            "look": lambda _form: None,
        }
        with self._lock:
            self._trouble = None
            try:
                if name not in actions:
                    raise UnusableInput("There is no such step.")
                actions[name](form)
            except ProtocolError as error:
                self._trouble = error
            except Problem as problem:
                return self._render(problem, form)
        return None

    @property
    def is_working(self) -> bool:
        """Whether something long is going on."""
        return self._work is not None and self._work.is_alive()

    def _begin(self, form: Mapping[str, str]) -> None:
        invitation = read_invitation(form.get("invitation", ""))
        passphrase = form.get("passphrase", "")
        try:
            check_passphrase(passphrase)
        except UnusableInput as problem:
            raise UnusableInput(problem, field="passphrase") from None
        if passphrase != form.get("passphrase_again"):
            raise UnusableInput(
                "You typed two different passphrases: type the same one twice.", field="passphrase_again"
            )
        self._program = Trustee(take_up(self.folder, invitation, passphrase), workers=self._workers)

    def _unlock(self, form: Mapping[str, str]) -> None:
        try:
            self._program = Trustee(open_key_file(self.folder, form.get("passphrase", "")), workers=self._workers)
        except UnusableInput as problem:
            raise UnusableInput(problem, field="passphrase") from None

    def _agree(self, _form: Mapping[str, str]) -> None:
        program = self._opened()
        now = program.look()
        if now.kind == "agree":
            program.agree(now.poll)

    def _compare(self, form: Mapping[str, str]) -> None:
        if form.get("same") != "yes":
            raise UnusableInput(
                "The numbers have to be the same for all. Do not go on: call the office, and tell the other trustees.",
                field="same",
            )
        self._opened().compared(form.get("fingerprint", ""))

    def _begin_again(self, _form: Mapping[str, str]) -> None:
        program = self._opened()
        now = program.look()
        if now.kind == "restarted":
            program.begin_again(now.poll)

    def _rehearse(self, form: Mapping[str, str]) -> None:
        try:
            self._opened().rehearse(form.get("passphrase", ""))
        except UnusableInput as problem:
            raise UnusableInput(problem, field="passphrase") from None

    def _destroy(self, form: Mapping[str, str]) -> None:
        program = self._opened()
        try:
            program.file.opens_with(form.get("passphrase", ""))
        except UnusableInput as problem:
            raise UnusableInput(problem, field="passphrase") from None
        require_over(program.server)
        self._goodbye = destroy(program.file)
        self.is_closed = True

    def _close(self, _form: Mapping[str, str]) -> None:
        self._goodbye = Sentence(
            N_("The program is closed. Keep the medium with your key where only you can reach it.")
        )
        self.is_closed = True

    def _opened(self) -> Trustee:
        if self._program is None:
            raise UnusableInput("Type your passphrase first.")
        return self._program

    @property
    def _doing(self) -> str:
        """What the work is at: "check", or what it "makes" then; nothing while there is none."""
        if not self.is_working:
            return ""
        step = self._progress[0]
        return "check" if not step or step.startswith(CHECKS) else self._makes

    def _start(self, makes: str, work: Callable[[Trustee], None]) -> None:
        """Do something long beside the page."""
        program = self._opened()
        if self.is_working:
            return

        def done() -> None:
            try:
                work(program)
            except (ProtocolError, Problem) as trouble:
                self._trouble = trouble

        self._makes, self._progress = makes, ("", 0, 0)
        self._work = threading.Thread(target=done, name="trustee", daemon=True)
        self._work.start()

    def _hear(self, step: str, done: int, of: int) -> None:
        self._progress = (step, done, of)

    def _state(self) -> tuple[str, Now | None, Problem | ProtocolError | None]:
        """What to show: the kind of page, where the poll stands, and what went wrong."""
        if self._goodbye is not None:
            return "goodbye", None, None
        if self._program is None:
            return ("unlock" if has_key_file(self.folder) else "begin"), None, self._trouble
        if self.is_working:
            return "working", None, None
        with self._lock:
            try:
                now = self._program.look()
            except (ProtocolError, Problem) as trouble:
                return "trouble", None, trouble
        return now.kind, now, self._trouble

    def _render(self, problem: Problem | None, filled: Mapping[str, str]) -> str:
        kind, now, trouble = self._state()
        kept = self._program.kept if self._program else None
        values: dict[str, Any] = {
            "visit": Shown(self.form_token, problem, filled, ZONE),
            "kind": kind,
            "now": now,
            "kept": kept,
            "terms": kept.terms if kept else None,
            "trouble": None if trouble is None else told(trouble),
            "doing": self._doing,
            "done": self._progress[1],
            "of": self._progress[2],
            "objection": None if now is None else in_figures(now.poll.objection),
            "folder": self.folder,
            "steps": STEPS,
            "step": STEP_OF.get(kind, ""),
            "waits": kind in WAITS or kind in ("working", "trouble"),
            "mark": self._mark(kind, now, trouble),
            "goodbye": self._goodbye,
            "promises": promises(),
            "keep": None if now is None else why_keep(now.poll, datetime.now(UTC)),
        }
        if self.language not in self._environments:
            self._environments[self.language] = environment(self.language, OwnWords())
        return self._environments[self.language].get_template("polls/trustee/page.html").render(values)

    def _mark(self, kind: str, now: Now | None, trouble: Problem | ProtocolError | None) -> str:
        """What differs when there is something else to see."""
        seen = (
            kind,
            now and (now.trustees, now.poll.trustees, now.poll.step, now.fingerprint),
            str(trouble),
            self._doing,
        )
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
