"""What all visits share: the instance, its words in each language, its files, and who calls from where."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from litestar import Request

from stembus.errors import CheckFailed, Problem, Refused
from stembus.instance import Instance
from stembus.web.callers import network_of
from stembus.web.static_files import StaticFile, read_static
from stembus.web.words import LANGUAGES, Lang, environment, speech
from stembus.words import Speech

if TYPE_CHECKING:
    from stembus.web.visit import Visit


class House:
    """Made once, when the application is."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.static_files: dict[str, StaticFile] = read_static()
        self._speech: dict[Lang, Speech] = {lang: speech(lang, instance.plugins) for lang in LANGUAGES}
        self._environments: dict[Lang, Environment] = {lang: environment(lang, instance.plugins) for lang in LANGUAGES}
        # Addresses are only ever compared with each other, within the life of this process.
        self._address_key = secrets.token_bytes(32)

    def say(self, lang: Lang, message: object, **values: object) -> str:
        """Return a message in a language."""
        return self.speech(lang).say(message, **values)

    def speech(self, lang: Lang) -> Speech:
        """Return how a language is spoken."""
        return self._speech[lang].inside(self.instance.zone)

    def render(self, visit: "Visit", template: str, values: Mapping[str, object], *, lang: Lang | None = None) -> str:
        """Return what a template makes of a visit and its values: in the visitor's language, or for another reader."""
        return self._environments[lang or visit.lang].get_template(template).render(visit=visit, **values)

    def static_path(self, name: str) -> str:
        """Return the path of a file of the design; one that was not built has none, and pages do without."""
        found = self.static_files.get(name)
        return f"/static/{name}?v={found.version}" if found else ""

    def client_key(self, request: Request[Any, Any, Any]) -> str:
        """Return a stand-in for the network that a request comes from, which tells nobody the address."""
        peer = request.client.host if request.client else ""
        forwarded = request.headers.getall("x-forwarded-for", [])
        network = network_of(peer, forwarded, self.instance.settings.trusted_proxies)
        return hmac.new(self._address_key, network.encode(), hashlib.sha256).hexdigest()[:32]

    @staticmethod
    def status_of(problem: Problem) -> int:
        """Return the HTTP status that says what kind of problem it is."""
        if isinstance(problem, (Refused, CheckFailed)):
            return 409
        return 422
