"""Whether a policy is whole: names that exist, kinds that something executes, moments in order, prose without rules."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from zoneinfo import available_timezones

from .dates import SAMPLE_DAYS
from .findings import Finding, error, warning
from .language.policy import Policy
from .language.stages import UnknownStage, kind_of
from .language.walk import walk
from .order import crossings
from .sentence import Sentence
from .text.prose import prose_violations
from .timeline import TimelineError


def check_form(policy: Policy, executable: Collection[str] | None) -> Iterator[Finding]:
    """Everything in which the policy contradicts its own names, kinds and calendar."""
    yield from _kinds(policy, executable)
    yield from _unique_ids(policy)
    yield from _names(policy)
    yield from _cited_keys(policy)
    yield from _zones(policy)
    yield from _languages(policy)
    yield from _prose(policy)
    yield from _calendar(policy)


def _kinds(policy: Policy, executable: Collection[str] | None) -> Iterator[Finding]:
    for stage in policy.stages:
        kind = kind_of(stage)
        path = f"stages.{stage.id}.kind"
        if isinstance(stage, UnknownStage):
            text = Sentence(
                "`{kind}` is a kind of stage that nothing installed can execute; install its plugin or correct it.",
                kind=kind,
            )
            yield error("kind", path, text)
        elif executable is not None and kind not in executable:
            text = Sentence(
                "no plugin that is installed carries out `{kind}`; the office does it by hand and records it.",
                kind=kind,
            )
            yield warning("kind", path, text)


def _unique_ids(policy: Policy) -> Iterator[Finding]:
    for name, times in Counter(stage.id for stage in policy.stages).items():
        if times > 1:
            yield error(
                "names", f"stages.{name}", Sentence("is the id of {times} stages; give each its own.", times=times)
            )


def _names(policy: Policy) -> Iterator[Finding]:
    tables: dict[str, Collection[str]] = {
        "bodies": policy.bodies,
        "stages": {stage.id for stage in policy.stages},
        "channels": policy.channels,
        "retention": policy.retention,
    }
    unknown = {f"stages.{stage.id}" for stage in policy.stages if isinstance(stage, UnknownStage)}
    for place in walk(policy):
        if not place.refers_to or not isinstance(place.value, str) or place.value in place.also:
            continue
        if place.value not in tables[place.refers_to] and place.path.rsplit(".", 1)[0] not in unknown:
            known = ", ".join(sorted(tables[place.refers_to])) or Sentence("nothing")
            text = Sentence(
                "names `{name}`, which is not under `{table}` (there is: {known}).",
                name=place.value,
                table=place.refers_to,
                known=known,
            )
            yield error("names", place.path, text)


def _cited_keys(policy: Policy) -> Iterator[Finding]:
    paths = {place.path for place in walk(policy)}
    for path in policy.cites:
        if path not in paths:
            yield error("names", f"cites.{path}", Sentence("cites articles for a key that this policy does not have."))


def _zones(policy: Policy) -> Iterator[Finding]:
    zones = available_timezones()
    for path, zone in (("timezone", policy.timezone), *(("timezones_shown", z) for z in policy.timezones_shown)):
        if zone not in zones:
            yield error(
                "names", path, Sentence("{zone!r} is not a zone; write one such as Europe/Amsterdam.", zone=zone)
            )


def _languages(policy: Policy) -> Iterator[Finding]:
    if policy.binding_language not in policy.languages:
        yield error("languages", "binding_language", Sentence("is a language that the policy is not published in."))
    if "nl_simple" in policy.languages and policy.plain_review is None:
        text = Sentence("easy Dutch was not yet read over by people it is written for; it is shown as a draft.")
        yield warning("languages", "plain_review", text)


def _prose(policy: Policy) -> Iterator[Finding]:
    for violation in prose_violations(policy):
        text = Sentence(
            "is written by hand and holds {found!r}; numbers and dates belong in the keys.", found=violation.found
        )
        yield error("prose", f"{violation.path}.{violation.lang}", text)


def _calendar(policy: Policy) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for day in SAMPLE_DAYS:
        try:
            crossed = crossings(policy, dict.fromkeys(policy.anchors, day), same_anchor_only=True)
        except TimelineError as problem:
            path = re.match(r"`([^`]+)`", str(problem))
            yield error("calendar", _key_path(policy, path[1]) if path else "anchors", problem)
            return
        for crossing in crossed:
            pair = crossing.order.first, crossing.order.then
            if pair not in seen:
                seen.add(pair)
                yield error("calendar", _key_path(policy, crossing.order.first), crossing.sentence)


def _key_path(policy: Policy, moment: str) -> str:
    is_stage = moment.split(".", 1)[0] in {stage.id for stage in policy.stages}
    return f"stages.{moment}" if is_stage and moment in policy.moments else moment
