"""A visit: one request with whoever makes it, what they prefer, and the answers that a page can give."""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.response import Redirect
from sqlmodel import Session

from stembus.errors import Problem
from stembus.instance import Instance, Transaction
from stembus.ledger.seal import seal
from stembus.web.cookies import FORM, LANG, NOTE, SESSION, THEME, YEAR, ZONE, cookie, gone, packed, unpacked
from stembus.web.languages import THEMES, chosen_language
from stembus.web.navigation import Place, places
from stembus.web.origin import form_token, token_fits
from stembus.web.visitor import Visitor, visitor_with

if TYPE_CHECKING:
    from stembus.web.house import House

Answer = Response[Any]
"""What a page answers with: a page, a file, or the way to another page."""


class Visit:
    """One request. Pages are given it as `visit`; templates as well."""

    def __init__(self, house: "House", request: Request[Any, Any, Any]) -> None:
        self.house = house
        self.instance: Instance = house.instance
        self.now: datetime = self.instance.clock.now()
        self.method = request.method
        self.path = request.url.path
        self.query: Mapping[str, str] = {key: str(value) for key, value in request.query_params.items()}
        self.query_string: str = request.url.query
        self.is_partial = request.headers.get("hx-request") == "true" and "hx-boosted" not in request.headers
        self.user_agent: str = request.headers.get("user-agent", "")[:300]
        self.client_key: str = house.client_key(request)
        self.program: Any = request.scope["state"].get("program")  # whose it is, on a route for programs
        self.problem: Problem | None = None
        self.filled: Mapping[str, Any] = {}
        self._sent: Mapping[str, str] = request.cookies
        self._cookies: dict[str, Cookie] = {}
        self._new_binding = ""
        self._visitor: Visitor | None = None
        self._visitor_known = False
        self._named: Counter[str] = Counter()
        self._led_to: set[str] = set()
        self.shows_typed = True
        self.lang = chosen_language(
            self.query.get("lang"), self._sent.get(LANG), request.headers.get("accept-language")
        )
        self.theme = next((one for one in (self.query.get("theme"), self._sent.get(THEME)) if one in THEMES), "auto")
        self.reader_zone = self._zone(self.query.get("zone") or self._sent.get(ZONE))
        self._remember_choices()

    @property
    def zone(self) -> ZoneInfo:
        """The party's zone."""
        return self.instance.zone

    @property
    def visitor(self) -> Visitor | None:
        """Who is signed in. Asked once; only inside a page, since it reads the database."""
        if not self._visitor_known:
            token = self.session_token
            if token:
                with self.instance.read() as session:
                    self._visitor = visitor_with(self.instance, session, token, self.now)
            self._visitor_known = True
        return self._visitor

    @property
    def member(self) -> Visitor:
        """Who is signed in, on a page that only they may enter."""
        if self.visitor is None:
            raise RuntimeError("this page does not ask for somebody who is signed in")
        return self.visitor

    def may(self, *powers: str) -> bool:
        """Whether the visitor has one of these powers now."""
        return self.visitor is not None and any(power in self.visitor.powers for power in powers)

    @property
    def places(self) -> list[Place]:
        """The navigation of this visitor."""
        return places(self)

    @property
    def session_token(self) -> str:
        """The secret of the session that the browser sent, or nothing."""
        return self._sent.get(SESSION, "")

    @property
    def binding(self) -> str:
        """The secret that the forms of this visitor are bound to, or nothing while they have none."""
        return self.session_token if self.visitor is not None else self._sent.get(FORM, "")

    @property
    def csrf_token(self) -> str:
        """What a form carries to show that it was made for this visitor."""
        if self.binding:
            return form_token(self.binding)
        if not self._new_binding:
            self._new_binding = secrets.token_urlsafe(32)
            self._cookies[FORM] = cookie(FORM, self._new_binding)
        return form_token(self._new_binding)

    def form_fits(self, token: str) -> bool:
        """Whether a form was made for this visitor."""
        return token_fits(self.binding, token)

    @property
    def note(self) -> str:
        """What the page before left to say; it is said once."""
        sent = self._sent.get(NOTE)
        if sent is None:
            return ""
        self._cookies.setdefault(NOTE, gone(NOTE))
        return unpacked(sent)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading."""
        with self.instance.read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Give one transaction; the acts that it recorded are sealed when it is kept."""
        with self.instance.write() as transaction:
            yield transaction
        if self.instance.recorded:
            seal(self.instance)

    def was_sent(self, action: str, values: Mapping[str, str] | None = None) -> bool:
        """Whether a form was sent to `action` with these values of its own, and is now shown again."""
        path, _, query = action.partition("?")
        asked = all(self.query.get(key) == value for key, value in parse_qsl(query))
        same = all(self.filled.get(key) == value for key, value in (values or {}).items())
        return self.problem is not None and path == self.path and asked and same

    def begin_form(self, action: str, values: Mapping[str, str]) -> None:
        """Say which form of the page is drawn now: only the one that was sent shows what was typed and is wrong."""
        self.shows_typed = self.was_sent(action, values)

    def end_form(self) -> None:
        """Say that the form is drawn. Fields in a form that a page writes out itself are told apart by that page."""
        self.shows_typed = True

    def apart(self, name: str) -> str:
        """Return `name`, or what no other part of this page is called where it has a field of that name already.

        A field in which something is wrong keeps its name: the summary at the top leads to it.
        """
        is_wrong = self.problem is not None and self.problem.field == name
        if is_wrong and self.shows_typed and name not in self._led_to:
            self._led_to.add(name)
            return name
        self._named[name] += 1
        number = self._named[name] + is_wrong
        return name if number == 1 else f"{name}_{number}"

    def say(self, message: object, **values: object) -> str:
        """Return a message in the visitor's language, with its places filled."""
        return self.house.say(self.lang, message, **values)

    def page(self, template: str, *, status: int = 200, **values: object) -> Answer:
        """Return the page that a template makes."""
        if self.problem is not None and status == 200:
            status = self.house.status_of(self.problem)
        text = self.house.render(self, template, values)
        return self.finish(Response(text, status_code=status, media_type=MediaType.HTML))

    def go(self, path: str, message: object = "", **values: object) -> Answer:
        """Send the browser on to another page of ours, which says `message`."""
        if message:
            self._cookies[NOTE] = cookie(NOTE, packed(self.say(message, **values)))
        return self.finish(Redirect(path, status_code=303))

    def file(self, content: bytes, name: str, media_type: str) -> Answer:
        """Return a file to keep. `name` is ours: letters, digits, dots and dashes."""
        answer: Answer = Response(
            content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'}
        )
        return self.finish(answer)

    def address(self, path: str) -> str:
        """Return the whole address of a path of ours."""
        return self.instance.settings.address.rstrip("/") + path

    def static(self, name: str) -> str:
        """Return the path of a file of the design, with its version."""
        return self.house.static_path(name)

    def set_cookie(self, one: Cookie) -> None:
        """Let the answer set a cookie."""
        self._cookies[one.key] = one

    def begin_session(self, token: str) -> None:
        """Let the browser hold a new session; the form secret of before it is forgotten."""
        self._cookies[SESSION] = cookie(SESSION, token)
        self._cookies[FORM] = gone(FORM)

    def end_session(self) -> None:
        """Let the browser forget the session."""
        self._cookies[SESSION] = gone(SESSION)

    def sent_cookie(self, name: str) -> str:
        """Return a cookie that the browser sent, or nothing."""
        return self._sent.get(name, "")

    def finish(self, answer: Answer) -> Answer:
        """Give an answer the cookies of this visit."""
        answer.cookies = [*answer.cookies, *self._cookies.values()]
        return answer

    def _remember_choices(self) -> None:
        for name, asked, value in (
            (LANG, "lang", self.lang),
            (THEME, "theme", self.theme),
            (ZONE, "zone", self.reader_zone.key if self.reader_zone else ""),
        ):
            if asked in self.query and value:
                self._cookies[name] = cookie(name, value, max_age=YEAR)

    @staticmethod
    def _zone(name: str | None) -> ZoneInfo | None:
        try:
            return ZoneInfo(name) if name else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
