"""The meeting: its record, its proxies, and whether it makes the outcome valid."""

from stembus_polls.meeting.enter import meeting_verdict, proxies_of, record_meeting

__all__ = ["meeting_verdict", "proxies_of", "record_meeting"]
