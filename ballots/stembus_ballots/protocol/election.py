"""The record of an election: what is asked, in which group, under which key. Its fingerprint binds every proof.

Source: Belenios specification 2.0, sections 4.9 and 4.10; voting protocol, section 7.
"""

import re
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from stembus_ballots.protocol.canonical import read_free, text_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group, group_named
from stembus_ballots.protocol.hashing import b64
from stembus_ballots.protocol.shuffle_proof import Poll as ShuffledPoll

UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)
LIST_MARK = "stembus-credential-list:"
LISTED = re.compile(rf".* {LIST_MARK}([0-9a-f]{{64}})", re.ASCII | re.DOTALL)
MOST_ANSWERS = 4096  # a bound on work, far above any ballot that people fill in
MOST_QUESTIONS = 256


class Homomorphic(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A question whose ballots are added up while encrypted: `min` to `max` of the answers, or blank where it may."""

    answers: tuple[str, ...]
    blank: bool = False
    min: int
    max: int
    question: str

    @property
    def choices(self) -> int:
        """How many ciphertexts an answer has: one for each answer, and one before them for blank."""
        return len(self.answers) + self.blank


class RankedValue(Struct, frozen=True, forbid_unknown_fields=True):
    """The answers of a question whose ballots are mixed, and what is asked."""

    answers: tuple[str, ...]
    question: str


class Ranked(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A question whose ballots are mixed and then opened: one number from 0 to 255 for each answer."""

    type: Literal["NonHomomorphic"]
    value: RankedValue
    extra: dict[str, Any] | None = None

    @property
    def values(self) -> int:
        """How many numbers an answer has."""
        return len(self.value.answers)


Question = Homomorphic | Ranked


class ElectionRecord(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The record as it is written; `questions` are read by whether they have a type."""

    version: int
    description: str
    name: str
    group: str
    public_key: str
    questions: list[dict[str, Any]]
    uuid: str
    administrator: str | None = None
    credential_authority: str | None = None


class Election(NamedTuple):
    """An election as the other parts use it. `fingerprint` is over the text of its record exactly as it was written.

    `credential_list` is the hash of the header of its list of credentials, where it has one.
    """

    uuid: str
    name: str
    group: Group
    public_key: Element
    questions: tuple[Question, ...]
    fingerprint: str
    credential_list: str | None = None

    @property
    def bound(self) -> ShuffledPoll:
        """What a shuffle of this election is bound to."""
        return ShuffledPoll(self.group, self.public_key, self.fingerprint)

    @property
    def is_mixed(self) -> bool:
        """Whether a question needs its ballots mixed before they are opened."""
        return any(isinstance(question, Ranked) for question in self.questions)


def ranked_question(question: str, answers: tuple[str, ...], extra: dict[str, Any] | None = None) -> Ranked:
    """A ranked question; `extra` says how its numbers are meant (see `rankings`)."""
    return Ranked(type="NonHomomorphic", value=RankedValue(answers, question), extra=extra)


def election_text(
    *,
    uuid: str,
    name: str,
    description: str,
    group: Group,
    public_key: Element,
    questions: tuple[Question, ...],
    administrator: str | None = None,
    credential_authority: str | None = None,
) -> bytes:
    """The record of an election, to be kept as these bytes for ever. Raises ProtocolError where nobody can hold it."""
    record = ElectionRecord(
        version=1,
        description=description,
        name=name,
        group=group.name,
        public_key=group.text(public_key),
        questions=[msgspec.json.decode(text_of(question)) for question in questions],
        uuid=uuid,
        administrator=administrator,
        credential_authority=credential_authority,
    )
    text = text_of(record)
    read_election(text)
    return text


def read_election(text: bytes | memoryview) -> Election:
    """The election in the text of its record. Raises ProtocolError(election.…) for whatever nobody could vote in."""
    record = read_free(text, ElectionRecord, "election.form", "The record of the election")
    if record.version != 1:
        raise ProtocolError("election.version", f"The election has version {record.version}: only version 1 is known.")
    if not UUID.fullmatch(record.uuid):
        raise ProtocolError("election.uuid", f"“{record.uuid[:80]}” is not the id of an election.")
    try:
        group = group_named(record.group)
    except ProtocolError as error:
        raise ProtocolError("election.group", f"The election: {error}") from error
    try:
        key = group.parse(record.public_key)
    except ProtocolError as error:
        raise ProtocolError("election.key", f"The public key of the election: {error}") from error
    if key == group.identity:
        raise ProtocolError("election.key", "The public key of the election is 1: anyone could read the ballots.")
    if not 1 <= len(record.questions) <= MOST_QUESTIONS:
        raise ProtocolError(
            "election.question", f"{len(record.questions)} questions: there must be 1 to {MOST_QUESTIONS}."
        )
    questions = tuple(_question(raw, number, group) for number, raw in enumerate(record.questions, 1))
    listed = _credential_list(record.credential_authority or "")
    return Election(record.uuid, record.name, group, key, questions, b64(bytes(text)), listed)


def _credential_list(authority: str) -> str | None:
    """The hash of a list of credentials: it is named behind the credential authority, where programs of others allow
    any text. Raises ProtocolError(election.list) where the name cannot be read."""
    if LIST_MARK not in authority:
        return None
    found = LISTED.fullmatch(authority)
    if found is None:
        raise ProtocolError("election.list", f"The list of credentials is not named as “… {LIST_MARK}” and 64 digits.")
    return found[1]


def _question(raw: dict[str, Any], number: int, group: Group) -> Question:
    where = f"Question {number} of the election"
    question: Question
    try:
        question = msgspec.convert(raw, Ranked) if "type" in raw else msgspec.convert(raw, Homomorphic)
    except msgspec.ValidationError as error:
        raise ProtocolError("election.question", f"{where}: {str(error)[:200]}.") from error
    if isinstance(question, Ranked):
        if not group.most_values:
            raise ProtocolError("election.question", f"{where} is ranked, which the group {group.name} cannot carry.")
        if not 1 <= question.values <= group.most_values:
            raise ProtocolError(
                "election.question", f"{where} has {question.values} answers: 1 to {group.most_values} fit."
            )
        return question
    if not 1 <= len(question.answers) <= MOST_ANSWERS:
        raise ProtocolError(
            "election.question", f"{where} has {len(question.answers)} answers: 1 to {MOST_ANSWERS} fit."
        )
    if not 0 <= question.min <= question.max <= len(question.answers):
        raise ProtocolError(
            "election.question",
            f"{where} asks for {question.min} to {question.max} of {len(question.answers)} answers: nobody can.",
        )
    return question
