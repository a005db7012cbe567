"""The party's own norms: articles of statutes and rules, with the limits that they set to a policy."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from .dates import add_span
from .findings import Finding, error, warning
from .language.policy import Policy
from .language.stages import kind_of
from .language.values import Article, Moment, Name, Part, Span, Words
from .language.walk import walk
from .loading import decode_hook, load_document
from .sentence import Sentence
from .text.phrases import in_figures


class Limit(Part, frozen=True):
    """What an article allows for one key of a policy."""

    on: str
    """The key: "seats.minimum", or a stage kind and its key: "convocation.due"."""
    at_least: int | str | Span | None = None
    """A number, a fraction "2/3", or a span. For a moment: days before (or after) what it is counted from."""
    at_most: int | str | Span | None = None
    """As above."""
    clear: bool = False
    """Days of a moment must be clear days."""
    one_of: tuple[str | bool, ...] = ()
    """The only words allowed."""
    policies: tuple[Name, ...] = ()
    """Only for policies with these ids; empty: for all."""


class NormArticle(Part, frozen=True):
    """One article."""

    rank: Literal["statutes", "rules"]
    """Where it stands."""
    text: Words
    """What it says, in short."""
    limits: tuple[Limit, ...] = ()
    """What it allows."""


class Norms(Part, frozen=True):
    """The articles of one party."""

    title: Words
    """Whose norms they are."""
    version: str
    """Which version of the articles."""
    articles: dict[Article, NormArticle]
    """Each article by the name that policies cite."""


def load_norms(text: str) -> Norms:
    """The norms written in `text` (TOML). Raises PolicyError with every mistake that was found."""
    return load_document(text, Norms)


def check_against_norms(policy: Policy, norms: Norms) -> Iterator[Finding]:
    """Every article that is cited and not there, and every limit that the policy exceeds."""
    for path, article in _cited(policy):
        if article.split()[0] in {policy.norms.statutes, *policy.norms.rules} and article not in norms.articles:
            yield error(
                "norms",
                path,
                Sentence(
                    "cites {article}, which {norms} does not have; correct the article.",
                    article=article,
                    norms=norms.title,
                ),
            )
    values = _values(policy)
    for name, article_found in norms.articles.items():
        for limit in article_found.limits:
            if limit.policies and policy.id not in limit.policies:
                continue
            for path, value in values.get(limit.on, ()):
                yield from _judge(path, value, limit, name, article_found.text)
                if value is not None and not _cites(policy, path, name):
                    yield warning(
                        "norms",
                        path,
                        Sentence("rests on {article} and does not cite it; add it under [cites].", article=name),
                    )


def check_norms(norms: Norms) -> Iterator[Finding]:
    """Limits of the rules that are wider than those of the statutes for the same key: the statutes prevail."""
    limits = [(name, item, limit) for name, item in norms.articles.items() for limit in item.limits]
    for name, item, limit in limits:
        if item.rank != "rules":
            continue
        for above_name, above, other in limits:
            if above.rank != "statutes" or other.on != limit.on or not _same_policies(other, limit):
                continue
            path = f"articles.{name}"
            if _wider(limit.at_least, other.at_least, sign=-1) or _wider(limit.at_most, other.at_most, sign=1):
                yield error(
                    "norms",
                    path,
                    Sentence(
                        "allows more for `{key}` than {article} of the statutes.", key=limit.on, article=above_name
                    ),
                )


def _same_policies(one: Limit, other: Limit) -> bool:
    return not one.policies or not other.policies or bool(set(one.policies) & set(other.policies))


def _cited(policy: Policy) -> Iterator[tuple[str, str]]:
    for path, articles in policy.cites.items():
        yield from ((f"cites.{path}", article) for article in articles)
    for article in policy.adoption.legal_basis:
        yield "adoption.legal_basis", article
    for kind, channel in policy.channels.items():
        yield from ((f"channels.{kind}.legal_basis", article) for article in channel.legal_basis)


def _cites(policy: Policy, path: str, article: str) -> bool:
    return article in articles_for(policy, path)


def articles_for(policy: Policy, path: str) -> tuple[str, ...]:
    """The articles that a key rests on: those cited for itself and for the tables around it."""
    steps = path.split(".")
    around = (".".join(steps[: length + 1]) for length in range(len(steps)))
    return tuple(article for key in around for article in policy.cites.get(key, ()))


def _values(policy: Policy) -> dict[str, list[tuple[str, Any]]]:
    """Every value by the names that a limit can use: its path, and with the stage's kind in place of its id."""
    kinds = {stage.id: kind_of(stage) for stage in policy.stages}
    found: dict[str, list[tuple[str, Any]]] = {}
    for place in walk(policy):
        names = {place.path}
        steps = place.path.split(".")
        if steps[0] == "stages" and len(steps) > 2:
            names |= {".".join(steps[1:]), ".".join([kinds[steps[1]], *steps[2:]])}
        for name in names:
            found.setdefault(name, []).append((place.path, place.value))
    return found


def _judge(path: str, value: Any, limit: Limit, name: str, text: Words) -> Iterator[Finding]:
    article = {"article": name, "text": text}
    if value is None:
        return
    if limit.one_of and value not in limit.one_of:
        allowed = ", ".join(map(str, limit.one_of))
        told = Sentence(
            "is {value}, but {article} ({text}) allows only: {allowed}.", value=str(value), allowed=allowed, **article
        )
        yield error("norms", path, told)
    if isinstance(value, Moment) and limit.clear and not value.clear:
        told = Sentence("does not count clear days, but {article} ({text}) does; write clear = true.", **article)
        yield error("norms", path, told)
    size = _size(value)
    for bound, sign in ((limit.at_least, 1), (limit.at_most, -1)):
        if bound is None:
            continue
        wanted = _size(bound)
        if size is None or wanted is None:
            told = Sentence(
                "cannot be compared with {bound} of {article} ({text}); correct the norms file.",
                bound=_shown(bound),
                **article,
            )
            yield error("norms", path, told)
        elif (size - wanted) * sign < 0:
            told = Sentence(
                "is {value}, but {article} ({text}) asks for at least {bound}."
                if sign > 0
                else "is {value}, but {article} ({text}) asks for at most {bound}.",
                value=_shown(value),
                bound=_shown(bound),
                **article,
            )
            yield error("norms", path, told)


def _wider(below: Any, above: Any, *, sign: int) -> bool:
    if below is None or above is None:
        return False
    one, other = _size(below), _size(above)
    return one is not None and other is not None and (one - other) * sign > 0


_SOME_DAY = date(2023, 1, 1)


def _size(value: Any) -> Fraction | None:
    """A number to compare by: spans in days from one fixed day, moments in days from what they are counted from."""
    if isinstance(value, Span):
        if value.unit in {"minutes", "hours"}:
            return Fraction(value.n, 24 if value.unit == "hours" else 24 * 60)
        return Fraction((add_span(_SOME_DAY, value) - _SOME_DAY).days)
    if isinstance(value, Moment):
        return Fraction(abs(value.days)) if not value.months else None
    if isinstance(value, str):
        try:
            return Fraction(decode_hook(Fraction, value))
        except ValueError:
            return None
    return Fraction(value) if isinstance(value, int | Fraction) else None


def _shown(value: Any) -> str | Words:
    if isinstance(value, Moment):
        value = Span(n=abs(value.days), unit="days")
    return in_figures(value) if isinstance(value, Span) else str(value)
