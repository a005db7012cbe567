"""Browsers without a screen: they keep cookies, send forms as a browser does, and sign in as anybody."""

from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from re import findall, search, sub

import msgspec
import pytest
from applications import application_of
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from stembus.access.sessions import Strength, start_session
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus.web.cookies import SESSION

ADDRESS = "https://stembus.voorbeeldpartij.example"


def each_id_is_there_once(answer: Response) -> None:
    """A page has no id twice, and each label, description and way to a field that is wrong leads somewhere on it."""
    if not answer.headers.get("content-type", "").startswith("text/html") or "<html" not in answer.text:
        return
    ids = findall(r'<[^>]*\sid="([^"]+)"', answer.text)
    twice = [one for one, times in Counter(ids).items() if times > 1]
    assert not twice, f"{answer.url}: twice on the page: {twice}"
    wanted = {*findall(r'<label[^>]*\sfor="([^"]+)"', answer.text), *findall(r'href="#(f-[^"]+)"', answer.text)}
    for group in findall(r'aria-(?:describedby|labelledby)="([^"]+)"', answer.text):
        wanted |= set(group.split())
    assert wanted <= set(ids), f"{answer.url}: nothing on the page is called {wanted - set(ids)}"


class Browser:
    """One browser. `page` is what it shows now; forms carry the token of that page."""

    def __init__(self, client: TestClient[Litestar], instance: Instance) -> None:
        self.client = client
        self.instance = instance
        self.page = ""

    def sign_in(self, number: str, strength: Strength = "passkey") -> "Browser":
        """Hold a session of the member with this number."""
        with self.instance.write() as transaction:
            member = member_numbered(transaction.session, number)
            token = start_session(transaction, member.id, strength)
        self.client.cookies.set(SESSION, token, domain="stembus.voorbeeldpartij.example")
        return self

    def get(self, path: str, *, follow: bool = True) -> Response:
        """Ask for a page."""
        answer = self.client.get(path, follow_redirects=follow, headers={"sec-fetch-site": "same-origin"})
        self.page = answer.text
        each_id_is_there_once(answer)
        return answer

    def post(
        self, path: str, *, follow: bool = True, files: dict[str, object] | None = None, **fields: object
    ) -> Response:
        """Send a form from the page that is shown."""
        answer = self.client.post(
            path,
            data={"csrf_token": self.form_token, **fields},
            files=files,  # type: ignore[arg-type]
            headers={"origin": ADDRESS, "sec-fetch-site": "same-origin"},
            follow_redirects=follow,
        )
        self.page = answer.text
        each_id_is_there_once(answer)
        return answer

    @property
    def form_token(self) -> str:
        """The token in the forms of the page that is shown."""
        found = search(r'name="csrf_token" value="([0-9a-f]+)"', self.page)
        return found.group(1) if found else ""

    @property
    def words(self) -> str:
        """What the page says, without its marks."""
        return " ".join(unescape(sub(r"<[^>]+>", " ", self.page)).split())


@pytest.fixture
def served(instance: Instance) -> Instance:
    """An instance that is served at an address of its own."""
    instance.settings = msgspec.structs.replace(instance.settings, address=ADDRESS)
    return instance


@pytest.fixture
def browser(served: Instance) -> Iterator[Callable[[], Browser]]:
    """Makes browsers, each with cookies of its own, all before one application.

    Not entered as a context: two test clients in one would each start the application, and leave its streams open.
    """
    with application_of(served) as app:
        yield lambda: Browser(TestClient(app, base_url=ADDRESS), served)
