"""A record of a meeting as text to be filled in or corrected: the one that is there, or an example."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from stembus.conduct.running import Running
from stembus_polls.meeting.record import MeetingRecord
from stembus_procedures.language.stages import Convocation, Meeting


def as_toml(record: MeetingRecord, zone: ZoneInfo) -> str:
    """Return a record as TOML, its moments by the clock of the party."""
    return "\n".join(_lines(record, zone)) + "\n"


def example(running: Running, zone: ZoneInfo) -> str:
    """Return a record to start from, with the days of this procedure; whatever is not known yet is a comment."""
    meeting, called = running.policy.first(Meeting), running.policy.first(Convocation)
    begins = running.times.get(f"{meeting.id}.begins") if meeting else None
    day = begins.astimezone(zone) if begins else datetime(2026, 1, 1, 10, tzinfo=zone)
    sent = (day - timedelta(days=16)).date()
    item = called.agenda_item.nl if called else ""
    return "\n".join(
        [
            f"# began = {_moment(day, zone)}",
            f"# ended = {_moment(day + timedelta(hours=7), zone)}",
            "",
            "[called]",
            f"agenda_item = {_text(item)}",
            f"# documents_on = {sent}",
            "conditions_stated = true",
            "sent = [",
            f'  # {{ channel = "mail_with_consent", on = {sent}, members = 0 }},',
            f'  # {{ channel = "post", on = {sent}, members = 0 }},',
            "]",
            "",
            "# [present]",
            "# in_room = 0",
            "",
            "# [[proxies]]",
            '# giver = "…"',
            '# holder = "…"',
            f"# given_at = {_moment(day - timedelta(days=2), zone)}",
            "",
            "# [statement]",
            '# by = "…"',
            '# outcome = "…"',
            f"# at = {_moment(day + timedelta(hours=7), zone)}",
            "",
        ]
    )


def _lines(record: MeetingRecord, zone: ZoneInfo) -> Iterator[str]:
    for key, at in (("began", record.began), ("ended", record.ended)):
        if at is not None:
            yield f"{key} = {_moment(at, zone)}"
    if called := record.called:
        yield from ("", "[called]", f"agenda_item = {_text(called.agenda_item)}")
        if called.documents_on:
            yield f"documents_on = {called.documents_on}"
        yield f"conditions_stated = {_flag(called.conditions_stated)}"
        yield "sent = ["
        for one in called.sent:
            yield f"  {{ channel = {_text(one.channel)}, on = {one.on}, members = {one.members} }},"
        yield "]"
    if record.present is not None:
        yield from ("", "[present]", f"in_room = {record.present.in_room}", f"online = {record.present.online}")
    yield from _said(record, zone)


def _said(record: MeetingRecord, zone: ZoneInfo) -> Iterator[str]:
    for proxy in record.proxies:
        yield from ("", "[[proxies]]", f"giver = {_text(proxy.giver)}", f"holder = {_text(proxy.holder)}")
        yield f"given_at = {_moment(proxy.given_at, zone)}"
    if said := record.statement:
        yield from ("", "[statement]", f"by = {_text(said.by)}", f"outcome = {_text(said.outcome)}")
        yield f"at = {_moment(said.at, zone)}"
    for one in record.challenges:
        yield from ("", "[[challenges]]", f"at = {_moment(one.at, zone)}", f"by = {_text(one.by)}")
        yield from (f"in_favour = {one.in_favour}", f"against = {one.against}", f"revoted = {_flag(one.revoted)}")
    if first := record.first_meeting:
        yield from ("", "[first_meeting]", f"on = {first.on}", f"present = {first.present}")
        yield f"proxies = {first.proxies}"


def _text(text: str) -> str:
    """Return a text as a basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")


def _flag(value: bool) -> str:
    return "true" if value else "false"
