"""Whether a meeting makes the outcome valid: each requirement with its arithmetic, met, not met or missing. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from stembus_ballots.quorum import Attendance, quorum_verdict
from stembus_ballots.quorum import Quorum as Share
from stembus_polls.meeting.record import Challenge, MeetingRecord, Membership, Sent
from stembus_procedures import Check, Verdict
from stembus_procedures.language.stages import Convocation, Meeting, Vote
from stembus_procedures.language.values import Words
from stembus_procedures.language.voting import Quorum
from stembus_procedures.text.phrases import day as written

_CHANNELS = {
    "mail_with_consent": Words(nl="Per mail", en="By mail:"),
    "post": Words(nl="Per post", en="By post:"),
}


class Rules(Struct, frozen=True, kw_only=True):
    """What the policy asks of the meeting, with its moments. `send_by` and `documents_by` are last days."""

    meeting: Meeting
    convocation: Convocation | None
    vote: Vote | None
    begins: datetime
    vote_closes: datetime | None
    send_by: date | None
    documents_by: date | None
    zone: ZoneInfo


class Known(Struct, frozen=True, kw_only=True):
    """What the software knows beside the record: the roll, the membership, the proxies that hold or not.

    `of_body` is how many seats the meeting's body has filled, where a quorum asks for that.
    """

    entitled: int
    membership: Membership | None
    of_body: int
    proxies: int
    set_aside: tuple[str, ...] = ()


def judge_meeting(rules: Rules, record: MeetingRecord | None, known: Known) -> Verdict:
    """Return every requirement on the meeting. An empty record meets none of them."""
    if record is None:
        nl, en = "Er is geen verslag van de vergadering ingevoerd.", "No record of the meeting was entered."
        return Verdict((Check("record", "not_met", Words(nl=nl, en=en)),))
    checks = [
        *_convocation(rules, record, known),
        *_times(rules, record),
        *_presence(rules, record, known),
        *_statement(rules, record),
    ]
    return Verdict(tuple(checks))


def _convocation(rules: Rules, record: MeetingRecord, known: Known) -> Iterator[Check]:
    rule = rules.convocation
    if rule is None:
        return
    called = record.called
    if called is None or not called.sent:
        yield _missing(
            "convocation", "de oproep: wanneer en hoe verzonden", "the convocation: when and how it was sent"
        )
        return
    meeting_day = rules.begins.astimezone(rules.zone).date()
    for sent in called.sent:
        clear = (meeting_day - sent.on).days - 1
        late = rules.send_by is not None and sent.on > rules.send_by
        how = _CHANNELS[sent.channel]
        on, held, last = _day(sent.on), _day(meeting_day), _day(rules.send_by)
        nl = f"{how.nl} verzonden op {on.nl}; {clear} volle dagen voor {held.nl}; uiterlijk {last.nl}."
        en = f"{how.en} sent on {on.en}; {clear} full days before {held.en}; at the latest {last.en}."
        yield _check(f"convocation.{sent.channel}", not late and sent.channel in rule.sent_via, nl, en)
    yield from _reached(called.sent, known)
    item = called.agenda_item
    wanted = (rule.agenda_item.nl, rule.agenda_item.en)
    named = " ".join(item.split()).casefold() in {text.casefold() for text in wanted}
    nl, en = f"Agendapunt: “{item}”; nodig: “{wanted[0]}”.", f"Agenda item: “{item}”; needed: “{wanted[1]}”."
    yield _check("agenda_item", named, nl, en)
    if rules.documents_by is not None and called.documents_on is None:
        yield _missing("documents", "de dag waarop de stukken er waren", "the day on which the documents were there")
    elif rules.documents_by is not None and called.documents_on is not None:
        on, last = _day(called.documents_on), _day(rules.documents_by)
        nl = f"Stukken beschikbaar op {on.nl}; uiterlijk {last.nl}."
        en = f"Documents there on {on.en}; at the latest {last.en}."
        yield _check("documents", called.documents_on <= rules.documents_by, nl, en)
    if rule.states_conditions:
        nl, en = ("vermeldt", "states") if called.conditions_stated else ("vermeldt niet", "does not state")
        yield _check(
            "conditions",
            called.conditions_stated,
            f"De oproep {nl} de voorwaarden om deel te nemen.",
            f"The convocation {en} the conditions for taking part.",
        )


def _reached(sent: Sequence[Sent], known: Known) -> Iterator[Check]:
    if known.membership is None:
        return
    members, by_email = known.membership.members, known.membership.by_email
    mailed = sum(one.members for one in sent if one.channel == "mail_with_consent")
    posted = sum(one.members for one in sent if one.channel == "post")
    yield _check(
        "mail_consent",
        mailed <= by_email,
        f"Aan {mailed} leden gemaild; {by_email} stemden daarmee in (BW 2:41).",
        f"{mailed} members were mailed; {by_email} agreed to that (BW 2:41).",
    )
    yield _check(
        "all_called",
        mailed + posted >= members,
        f"{mailed} per mail + {posted} per post = {mailed + posted} opgeroepen; er waren {members} leden.",
        f"{mailed} by mail + {posted} by post = {mailed + posted} called; there were {members} members.",
    )


def _times(rules: Rules, record: MeetingRecord) -> Iterator[Check]:
    planned = _moment(rules.begins, rules.zone)
    if record.began is None:
        yield _missing("began", "het begin van de vergadering", "the beginning of the meeting")
    else:
        same_day = record.began.astimezone(rules.zone).date() == rules.begins.astimezone(rules.zone).date()
        began = _moment(record.began, rules.zone)
        nl = f"Begonnen op {began.nl}; opgeroepen voor {planned.nl}."
        en = f"Began on {began.en}; called for {planned.en}."
        yield _check("began", same_day and record.began >= rules.begins, nl, en)
    if record.ended is None:
        yield _missing("ended", "het einde van de vergadering", "the end of the meeting")
        return
    last = max(moment for moment in (rules.vote_closes, record.began, rules.begins) if moment is not None)
    ended, needed = _moment(record.ended, rules.zone), _moment(last, rules.zone)
    nl = f"Geëindigd op {ended.nl}; de stemming sloot op {needed.nl}."
    yield _check("ended", record.ended >= last, nl, f"Ended on {ended.en}; the vote closed on {needed.en}.")


def _presence(rules: Rules, record: MeetingRecord, known: Known) -> Iterator[Check]:
    if record.present is None:
        yield _missing("presence", "de aanwezigheid", "the presence")
        return
    there = record.present.in_room
    if "online" in rules.meeting.participation:
        there += record.present.online
    elif record.present.online:
        nl = f"{record.present.online} deden online mee; deze regeling kent dat niet."
        en = f"{record.present.online} took part online; this policy does not have that."
        yield _check("participation", False, nl, en)
    if record.proxies:
        aside = f" Opzij gelegd: {'; '.join(known.set_aside)}." if known.set_aside else ""
        aside_en = f" Set aside: {'; '.join(known.set_aside)}." if known.set_aside else ""
        nl = f"{known.proxies} van {len(record.proxies)} volmachten gelden.{aside}"
        yield _check("proxies", True, nl, f"{known.proxies} of {len(record.proxies)} proxies hold.{aside_en}")
    if record.first_meeting is None:
        yield _quorum("quorum", rules.meeting.quorum, there, known.proxies, rules, known)
        return
    second, first = rules.meeting.second_meeting, record.first_meeting
    if second is None:
        nl, en = "Deze regeling kent geen tweede vergadering.", "This policy has no second meeting."
        yield _check("second_meeting", False, nl, en)
        return
    lacked = _quorum("first_quorum", rules.meeting.quorum, first.present, first.proxies, rules, known)
    yield _check(
        "first_quorum", lacked.outcome == "not_met", f"Eerste: {lacked.reason.nl}", f"First: {lacked.reason.en}"
    )
    days = (rules.begins.astimezone(rules.zone).date() - first.on).days
    nl = f"{days} dagen na de eerste vergadering; {second.days_min} tot {second.days_max}."
    en = f"{days} days after the first meeting; {second.days_min} to {second.days_max}."
    yield _check("second_meeting", second.days_min <= days <= second.days_max, nl, en)
    yield _quorum("quorum", second.quorum, there, known.proxies, rules, known)


def _quorum(name: str, rule: Quorum | None, there: int, proxies: int, rules: Rules, known: Known) -> Check:  # noqa: PLR0917 - six values of one sum
    if rule is None:
        nl, en = f"{there} aanwezig; geen quorum gevraagd.", f"{there} present; no quorum asked."
        return _check(name, there > 0, nl, en)
    with_proxies = rule.counts_proxies or rules.meeting.proxies.counts_for_quorum
    whole = known.entitled if rule.base == "entitled" else known.of_body
    counted = there + (proxies if with_proxies else 0)
    if counted > whole:
        nl = f"{counted} aanwezig is meer dan de {whole} die mogen stemmen: klopt de telling?"
        return _check(name, False, nl, f"{counted} present is more than the {whole} who may vote: is that right?")
    if rule.fraction is None:
        needed = (rule.number or 1) + rule.strict
        met = counted >= needed
        share_nl = share_en = ""
    else:
        share = Share(base="entitled", fraction=rule.fraction, strict=rule.strict, counts_proxies=with_proxies)
        attendance = Attendance(entitled=whole, present=there, proxies=proxies if with_proxies else 0)
        verdict = quorum_verdict(share, attendance, cast=0)
        met, needed = verdict.met, verdict.needed
        share_nl = f" ({'meer dan ' if rule.strict else ''}{rule.fraction} van {whole})"
        share_en = f" ({'more than ' if rule.strict else ''}{rule.fraction} of {whole})"
    held = f" + {proxies}" if with_proxies and proxies else ""
    nl = f"{there}{held} aanwezig; {needed} nodig{share_nl}."
    return _check(name, met, nl, f"{there}{held} present; {needed} needed{share_en}.")


def _statement(rules: Rules, record: MeetingRecord) -> Iterator[Check]:
    if record.statement is None:
        yield _missing("ruling", "het oordeel van de voorzitter (BW 2:13)", "the ruling of the chair (BW 2:13)")
        return
    by, at, outcome = record.statement.by, _moment(record.statement.at, rules.zone), record.statement.outcome
    nl, en = f"{by} stelde op {at.nl} vast: {outcome}", f"{by} stated on {at.en}: {outcome}"
    yield _check("ruling", record.ended is None or record.statement.at <= record.ended, nl, en)
    for number, challenge in enumerate(record.challenges, 1):
        yield _challenge(rules, challenge, number)


def _challenge(rules: Rules, challenge: Challenge, number: int) -> Check:
    # BW 2:13 lid 4: a new vote when the majority wants it, or one voter where the first was neither by roll call nor
    # in writing; with it the first outcome lapses.
    votes = rules.vote
    written = votes is None or "show_of_hands" not in votes.channels or votes.secrecy.vote == "roll_call"
    majority = challenge.in_favour > challenge.against
    must = majority or (rules.meeting.ruling.revote_when == "as_law" and not written)
    counted = f"{challenge.in_favour}-{challenge.against}"
    done_nl, done_en = ("opnieuw gestemd", "voted again") if challenge.revoted else ("niet opnieuw", "not voted again")
    needs_nl, needs_en = ("moest opnieuw", "had to be done again") if must else ("hoefde niet", "did not have to be")
    nl = f"Betwist door {challenge.by} ({counted}): {needs_nl}; {done_nl}."
    en = f"Challenged by {challenge.by} ({counted}): it {needs_en}; {done_en}."
    return _check(f"challenge.{number}", challenge.revoted or not must, nl, en)


def _day(when: date | None) -> Words:
    return Words(nl="–", en="–") if when is None else Words(nl=written(when, "nl"), en=written(when, "en"))


def _moment(at: datetime, zone: ZoneInfo) -> Words:
    local, day = at.astimezone(zone), _day(at.astimezone(zone).date())
    return Words(nl=f"{day.nl} om {local:%H:%M}", en=f"{day.en} at {local:%H:%M}")


def _missing(rule: str, nl: str, en: str) -> Check:
    return Check(rule, "unknown", Words(nl=f"Nog niet vastgelegd: {nl}.", en=f"Not recorded yet: {en}."))


def _check(rule: str, met: bool, nl: str, en: str) -> Check:
    outcome: Literal["met", "not_met"] = "met" if met else "not_met"
    return Check(rule, outcome, Words(nl=nl, en=en))
