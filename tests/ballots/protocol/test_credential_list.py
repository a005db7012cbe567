"""The list of credentials: reissues, proxies, papers and objections, each signed by two, held against the ballots."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from corruptions import compact, is_refused
from growing_list import GrowingList
from hypothesis import given
from hypothesis import strategies as st
from secret_polls import COUNCIL, Kept, SecretPoll, rebuilt, records_of

from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.credential_list import (
    Activate,
    Close,
    CredentialList,
    Entry,
    authority_with_list,
    header_text,
    line_of,
    officer_of,
)
from stembus_ballots.protocol.election import election_text, read_election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import read_events
from stembus_ballots.protocol.group import BELENIOS_2048
from stembus_ballots.protocol.verify import verify_archive
from stembus_ballots.verify_command import main
from stembus_polls.commands.verify import verify_command

# Voters 0 to 4 are the roll; 5, 6 and 7 are spare; 8 and 9 are kept for paper.
KEPT = Kept(roll=5, spare=(5, 6, 7), paper=(8, 9))


def poll_with_list() -> SecretPoll:
    """A poll whose list has nothing but its header yet."""
    return SecretPoll([COUNCIL], voters=10, kept=KEPT)


@cache
def counted() -> tuple[SecretPoll, bytes]:
    """A counted poll with its list: one credential lost, one proxy, one paper; five ballots for a roll of five."""
    poll = poll_with_list()
    kept = GrowingList(poll)
    kept.activate(5, "lost", kept.void(0, "lost"))
    kept.activate(6, "proxy", kept.void(1, "proxy"))
    kept.void(2, "paper")
    kept.activate(8, "paper")
    for voter in (3, 4, 5, 6, 8):
        poll.cast(voter, [[1, 0, 0]])
    poll.close()
    kept.add(kept.state.close(end_of(poll.archive)), (1, 3))
    poll.decrypt(1)
    poll.decrypt(2)
    poll.publish()
    return poll, kept.text


def end_of(archive: bytes) -> str:
    return next(event.hash for event in read_events(archive) if event.type == "EndBallots")


def test_a_poll_whose_credentials_were_replaced_holds() -> None:
    poll, text = counted()
    verdict = verify_archive(poll.archive, credential_list=text)
    assert verdict.exit_code == 0, verdict
    assert (
        "The list of credentials: 5 active for a roll of 5, 7 entries (active: lost 1, active: paper 1, active: "
        "proxy 1, void: lost 1, void: paper 1, void: proxy 1), each signed by two of 3 officers." in verdict.checked
    )


def test_a_list_that_is_not_given_was_not_checked() -> None:
    poll, _text = counted()
    verdict = verify_archive(poll.archive)
    assert verdict.exit_code == 1
    assert "the list of credentials, which the poll has: give it with --credential-list." in verdict.skipped


def test_a_list_that_stops_before_the_end_may_lack_entries() -> None:
    poll, text = counted()
    verdict = verify_archive(poll.archive, credential_list=b"".join(text.splitlines(keepends=True)[:-1]))
    assert verdict.exit_code == 1
    assert not verdict.failures
    assert verdict.skipped == ["whether the list of credentials is whole: the voting ended, and it was not closed."]


def test_while_the_poll_is_open_the_list_is_too() -> None:
    poll = poll_with_list()
    kept = GrowingList(poll)
    kept.void(0, "lost")
    poll.cast(1, [[1, 0, 0]])
    verdict = verify_archive(poll.archive, credential_list=kept.text)
    assert verdict.exit_code == 3
    assert not verdict.skipped


def test_of_a_list_without_entries_it_is_said_that_there_are_none() -> None:
    poll = poll_with_list()
    verdict = verify_archive(poll.archive, credential_list=GrowingList(poll).text)
    assert (verdict.exit_code, verdict.skipped) == (3, [])
    assert verdict.checked[-1] == (
        "The list of credentials: 5 active for a roll of 5, 0 entries (none), each signed by two of 3 officers."
    )


def test_the_commands_take_the_list(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    poll, text = counted()
    archive, listed = tmp_path / "poll.bel", tmp_path / "list.jsonl"
    archive.write_bytes(poll.archive)
    listed.write_bytes(text)
    asked = [str(archive), "--credential-list", str(listed), "--processes", "1"]
    assert main(["verify", *asked]) == 0
    said = capsys.readouterr().out
    assert "holds:       The list of credentials: 5 active for a roll of 5" in said
    result = CliRunner().invoke(verify_command, asked)
    assert (result.exit_code, result.output) == (0, said)
    assert main(["verify", str(archive), "--credential-list", str(tmp_path / "none"), "--processes", "1"]) == 2


class TestABallotIsRefused:
    @pytest.mark.parametrize(
        ("voter", "state"), [(0, "void"), (1, "void"), (2, "void"), (7, "spare and not active"), (9, "spare")]
    )
    def test_of_a_credential_that_is_not_active(self, voter: int, state: str) -> None:
        poll, text = poll_with_list(), counted()[1]
        poll.cast(3, [[1, 0, 0]])
        poll.cast(voter, [[1, 0, 0]])
        open_list = b"".join(text.splitlines(keepends=True)[:-1])
        verdict = verify_archive(poll.archive, credential_list=open_list)
        assert [(finding.rule, finding.event) for finding in verdict.failures] == [("list.ballot", 2)]
        assert f"a credential that is {state}" in verdict.failures[0].what

    def test_and_nothing_after_it_is_judged(self) -> None:
        poll, text = counted()
        header = text.splitlines(keepends=True)[0]
        verdict = verify_archive(poll.archive, credential_list=header)
        assert {finding.rule for finding in verdict.failures} == {"list.ballot"}
        assert verdict.exit_code == 1
        assert verdict.result is None


def rule_of(what: Callable[[], object]) -> str:
    """The rule that something breaks."""
    with pytest.raises(ProtocolError) as caught:
        what()
    return caught.value.rule


MOVES: list[Any] = [
    pytest.param(lambda kept: kept.activate(0, "admitted"), "list.credential", id="what is active already"),
    pytest.param(lambda kept: kept.void(5, "lost"), "list.credential", id="void what was never active"),
    pytest.param(lambda kept: [kept.void(0, "lost"), kept.void(0, "struck")], "list.credential", id="void twice"),
    pytest.param(
        lambda kept: [kept.void(0, "lost"), kept.activate(0, "lost", 1)], "list.credential", id="active again"
    ),
    pytest.param(
        lambda kept: [kept.void(0, "lost"), kept.activate(5, "lost", 1), kept.activate(5, "admitted")],
        "list.credential",
        id="a spare one twice",
    ),
    pytest.param(lambda kept: kept.activate(5, "lost"), "list.replaces", id="a reissue of nothing"),
    pytest.param(lambda kept: kept.activate(5, "lost", 1), "list.replaces", id="a reissue of what is not there"),
    pytest.param(
        lambda kept: [kept.void(0, "lost"), kept.activate(5, "lost", 1), kept.activate(6, "lost", 1)],
        "list.replaces",
        id="two for one",
    ),
    pytest.param(
        lambda kept: [kept.void(0, "lost"), kept.activate(5, "proxy", 1)], "list.replaces", id="on another ground"
    ),
    pytest.param(
        lambda kept: [kept.void(0, "struck"), kept.activate(5, "lost", 1)], "list.replaces", id="for one struck off"
    ),
    pytest.param(
        lambda kept: [kept.void(0, "paper"), kept.activate(5, "lost", 1)], "list.replaces", id="for one on paper"
    ),
    pytest.param(
        lambda kept: [kept.void(0, "lost"), kept.activate(5, "admitted", 1)], "list.replaces", id="admitted for one"
    ),
    pytest.param(lambda kept: kept.activate(5, "proxy"), "list.replaces", id="a proxy while the giver can vote"),
    pytest.param(
        lambda kept: [kept.void(0, "proxy"), kept.activate(5, "proxy", 1), kept.void(5, "proxy")],
        "list.ground",
        id="a proxy given on",
    ),
    pytest.param(
        lambda kept: [
            kept.void(0, "proxy"),
            kept.activate(5, "proxy", 1),
            kept.void(5, "lost"),
            kept.activate(6, "lost", 3),
            kept.void(6, "proxy"),
        ],
        "list.ground",
        id="a reissued proxy given on",
    ),
    pytest.param(lambda kept: kept.void(0, "proxy_lapsed"), "list.ground", id="a lapse of what is no proxy"),
    pytest.param(
        lambda kept: [
            kept.void(0, "proxy"),
            kept.activate(5, "proxy", 1),
            kept.void(5, "proxy_lapsed"),
            kept.activate(6, "proxy_lapsed", 3),
            kept.void(6, "proxy_lapsed"),
        ],
        "list.ground",
        id="a lapse of what lapsed",
    ),
    pytest.param(lambda kept: kept.activate(8, "paper"), "list.paper", id="paper without a strike-off"),
    pytest.param(
        lambda kept: [kept.void(0, "paper"), kept.activate(8, "paper"), kept.activate(9, "paper")],
        "list.paper",
        id="more papers than strike-offs",
    ),
    pytest.param(
        lambda kept: [kept.void(0, "paper"), kept.activate(5, "paper")], "list.ground", id="a spare one for paper"
    ),
    pytest.param(lambda kept: kept.activate(8, "admitted"), "list.ground", id="one for paper for somebody"),
    pytest.param(
        lambda kept: [kept.void(0, "paper"), kept.activate(8, "paper", 1)], "list.replaces", id="whose paper it is"
    ),
    pytest.param(
        lambda kept: [kept.void(0, "paper"), kept.activate(8, "paper"), kept.void(8, "struck")],
        "list.ground",
        id="a paper made void",
    ),
    pytest.param(
        lambda kept: [kept.add(kept.state.close("0" * 64)), kept.void(0, "lost")], "list.closed", id="after the close"
    ),
    pytest.param(
        lambda kept: [kept.add(kept.state.close("0" * 64)), kept.state.close("0" * 64)], "list.closed", id="close twice"
    ),
]


@pytest.mark.parametrize(("moves", "rule"), MOVES)
def test_what_may_not_come(moves: Callable[[GrowingList], object], rule: str) -> None:
    kept = GrowingList(poll_with_list())
    assert rule_of(lambda: moves(kept)) == rule
    assert CredentialList.read(kept.text, kept.poll.election, kept.poll.weights).head == kept.state.head


def test_a_proxy_that_lapses_gives_its_giver_a_credential_again() -> None:
    kept = GrowingList(poll_with_list())
    kept.activate(5, "proxy", kept.void(0, "proxy"))
    kept.activate(6, "lost", kept.void(5, "lost"))
    kept.activate(7, "proxy_lapsed", kept.void(6, "proxy_lapsed"))
    assert kept.state.active == {kept.poll.credential_texts[at] for at in (1, 2, 3, 4, 7)}
    assert kept.state.void == {kept.poll.credential_texts[at] for at in (0, 5, 6)}


def test_who_got_a_new_credential_can_give_a_proxy() -> None:
    kept = GrowingList(poll_with_list())
    kept.activate(5, "lost", kept.void(0, "lost"))
    kept.activate(6, "proxy", kept.void(5, "proxy"))
    assert kept.state.active == {kept.poll.credential_texts[at] for at in (1, 2, 3, 4, 6)}


def test_objections_change_the_roll() -> None:
    kept = GrowingList(poll_with_list())
    kept.activate(5, "admitted")
    assert (len(kept.state.active), kept.state.roll) == (6, 6)
    kept.void(0, "struck")
    assert (len(kept.state.active), kept.state.roll) == (5, 5)


Move = tuple[str, int, str, int | None]
VOID = ("lost", "proxy", "proxy_lapsed", "paper", "struck")
ACTIVATE = ("lost", "proxy", "proxy_lapsed", "paper", "admitted")
MOVE = st.one_of(
    st.tuples(st.just("void"), st.integers(0, 9), st.sampled_from(VOID), st.none()),
    st.tuples(
        st.just("activate"), st.integers(0, 9), st.sampled_from(ACTIVATE), st.one_of(st.none(), st.integers(1, 20))
    ),
)


@given(st.lists(MOVE, max_size=30))
def test_active_ones_are_never_more_than_the_roll(moves: list[Move]) -> None:
    """Whatever is allowed, in whatever order: nobody can get two votes by it."""
    poll = cached_poll()
    state = CredentialList(poll.list_header, poll.election, poll.weights)
    state._check_signatures = lambda line: None  # type: ignore[method-assign]  # what they sign is asked elsewhere
    struck = admitted = 0
    for kind, voter, ground, replaces in moves:
        credential = poll.credential_texts[voter]
        entry: Entry
        try:
            if kind == "void":
                entry = state.make_void(credential, ground)  # type: ignore[arg-type]
            else:
                entry = state.activate(credential, ground, replaces)  # type: ignore[arg-type]
        except ProtocolError:
            continue
        state.follow(line_of(entry, []))
        struck, admitted = struck + (ground == "struck"), admitted + (ground == "admitted")
        assert state.roll == KEPT.roll + admitted - struck
        assert len(state.active) <= state.roll
        assert sorted([*state.active, *state.void, *state.waiting]) == sorted(poll.weights), "each is one of three"


@cache
def cached_poll() -> SecretPoll:
    return poll_with_list()


def changed(text: bytes, line: int, change: Callable[[Any], object]) -> bytes:
    """The list with a change of one line, from 0, written compactly again."""
    lines = text.splitlines(keepends=True)
    record = json.loads(lines[line])
    change(record)
    return b"".join([*lines[:line], compact(record) + b"\n", *lines[line + 1 :]])


def put(*path: str | int, value: object) -> Callable[[Any], object]:
    """Put a value at a path."""

    def change(record: Any) -> None:
        for key in path[:-1]:
            record = record[key]
        record[path[-1]] = value

    return change


CORRUPT: list[Any] = [
    pytest.param(lambda text: text[:-1], "list.form", id="cut off"),
    pytest.param(lambda text: b"", "list.form", id="empty"),
    pytest.param(lambda text: b"hello\n", "list.poll", id="something else"),
    pytest.param(lambda text: text + b"\n", "list.form", id="an empty line"),
    pytest.param(lambda text: text + b"[]\n", "list.form", id="no entry"),
    pytest.param(lambda text: text.replace(b'"kind":"void"', b'"kind": "void"', 1), "list.form", id="white space"),
    pytest.param(lambda text: changed(text, 0, put("roll", value=6)), "list.poll", id="another roll"),
    pytest.param(lambda text: changed(text, 1, put("entry", "ground", value="struck")), "list.signature", id="ground"),
    pytest.param(lambda text: changed(text, 1, put("entry", "number", value=2)), "list.number", id="number"),
    pytest.param(lambda text: changed(text, 2, put("entry", "previous", value="0" * 64)), "list.previous", id="link"),
    pytest.param(lambda text: changed(text, 1, put("entry", "kind", value="close")), "list.form", id="kind"),
    pytest.param(lambda text: changed(text, 1, put("entry", "ground", value="mood")), "list.form", id="no ground"),
    pytest.param(lambda text: changed(text, 2, put("entry", "ground", value="struck")), "list.form", id="other ground"),
    pytest.param(lambda text: changed(text, 1, lambda line: line["signed"].pop()), "list.officers", id="one signature"),
    pytest.param(lambda text: changed(text, 1, put("signed", value=[])), "list.officers", id="no signature"),
    pytest.param(
        lambda text: changed(text, 1, lambda line: line["signed"].insert(0, line["signed"].pop())),
        "list.officers",
        id="other order",
    ),
    pytest.param(
        lambda text: changed(text, 1, lambda line: line["signed"].append(line["signed"][1])),
        "list.officers",
        id="one twice",
    ),
    pytest.param(
        lambda text: changed(text, 1, lambda line: put("signed", 1, value=line["signed"][0])(line)),
        "list.officers",
        id="the same one twice",
    ),
    pytest.param(lambda text: changed(text, 1, put("signed", 0, "officer", value=0)), "list.officers", id="officer 0"),
    pytest.param(lambda text: changed(text, 1, put("signed", 1, "officer", value=4)), "list.officers", id="officer 4"),
    pytest.param(lambda text: changed(text, 1, put("signed", 1, "officer", value=3)), "list.signature", id="another"),
    pytest.param(
        lambda text: changed(text, 1, put("signed", 1, "proof", "response", value="1")), "list.signature", id="proof"
    ),
    pytest.param(
        lambda text: changed(text, 1, put("signed", 0, "proof", "response", value="1")), "list.signature", id="proof 1"
    ),
    pytest.param(
        lambda text: changed(text, 7, put("entry", "board", value="0" * 64)), "list.signature", id="another end"
    ),
    pytest.param(
        lambda text: b"".join(text.splitlines(keepends=True)[at] for at in (0, 2, 1, 3, 4, 5, 6, 7)),
        "list.number",
        id="two swapped",
    ),
    pytest.param(
        lambda text: b"".join(text.splitlines(keepends=True)[at] for at in (0, 2, 3, 4, 5, 6, 7)),
        "list.number",
        id="one taken out",
    ),
    pytest.param(
        lambda text: b"".join(text.splitlines(keepends=True)[at] for at in (0, 1, 1, 2, 3, 4, 5, 6, 7)),
        "list.number",
        id="one twice in the list",
    ),
]


@pytest.mark.parametrize(("corrupt", "rule"), CORRUPT)
def test_a_corrupt_list_is_refused(corrupt: Callable[[bytes], bytes], rule: str) -> None:
    poll, text = counted()
    verdict = verify_archive(poll.archive, credential_list=corrupt(text))
    assert [finding.rule for finding in verdict.failures] == [rule], verdict.failures
    assert verdict.exit_code == 1
    assert verdict.result is None


def test_what_is_wrong_is_said_with_its_line() -> None:
    poll, text = counted()
    verdict = verify_archive(
        poll.archive, credential_list=changed(text, 2, put("signed", 0, "proof", "response", value="1"))
    )
    assert [finding.what for finding in verdict.failures] == [
        "Line 3 of the list of credentials: The signature of officer 1 does not hold."
    ]


class TestTheListIsOf:
    def test_this_poll(self) -> None:
        poll, _text = counted()
        other = SecretPoll([COUNCIL], voters=10, kept=KEPT, uuid="Voorbee1dpart2j")
        verdict = verify_archive(poll.archive, credential_list=GrowingList(other).text)
        assert [finding.rule for finding in verdict.failures] == ["list.poll"]

    def test_a_poll_that_has_one(self) -> None:
        poll = SecretPoll([COUNCIL], voters=10)
        verdict = verify_archive(poll.archive, credential_list=counted()[1])
        assert [finding.rule for finding in verdict.failures] == ["list.poll"]

    def test_a_voting_that_ended_here(self) -> None:
        poll, text = counted()
        records = records_of(poll.archive)
        ends = [at for at, (kind, _data) in enumerate(records) if kind == "EndBallots"]
        is_closed_too_early = verify_archive(rebuilt(records[: ends[0]]), credential_list=text)
        assert [finding.rule for finding in is_closed_too_early.failures] == ["list.closed"]
        is_closed_elsewhere = verify_archive(rebuilt([*records[:1], *records[2:]]), credential_list=text)
        assert [finding.rule for finding in is_closed_elsewhere.failures] == ["list.closed"]


HEADERS: list[Any] = [
    pytest.param({"roll": 4}, "list.roll", id="more credentials than the roll"),
    pytest.param({"uuid": "Voorbee1dpart2j"}, "list.poll", id="another poll"),
    pytest.param({"officers": (0,)}, "list.officers", id="one officer"),
    pytest.param({"officers": (0, 0)}, "list.officers", id="one officer twice"),
    pytest.param({"officers": (0, 1, "1")}, "list.officers", id="a key that is 1"),
    pytest.param({"officers": (0, "0")}, "list.officers", id="a key that is none"),
    pytest.param({"spare": (5, 6, 7, 7)}, "list.credential", id="a spare one twice"),
    pytest.param({"spare": (5, 6, 7, 8)}, "list.credential", id="one spare and for paper"),
    pytest.param({"spare": (5, 6, 7, "4")}, "list.credential", id="one that the poll has not"),
    pytest.param({"weights": [1] * 9 + [2]}, "list.weight", id="weights"),
]


@pytest.mark.parametrize(("other", "rule"), HEADERS)
def test_a_header_that_nobody_can_use(other: dict[str, Any], rule: str) -> None:
    poll = cached_poll()
    group, keys = poll.election.group, poll.credential_texts
    officers = [
        officer_of(group, "Lid", poll.officers[at])
        if isinstance(at, int)
        else type(officer_of(group, "Lid", 1))("Lid", at)
        for at in other.get("officers", (0, 1, 2))
    ]
    spare = [keys[at] if isinstance(at, int) else at for at in other.get("spare", KEPT.spare)]
    header = header_text(
        other.get("uuid", poll.election.uuid), other.get("roll", 5), officers, spare, [keys[at] for at in KEPT.paper]
    )
    election = poll.election._replace(credential_list=hash_of(header))
    weights = dict(zip(keys, other.get("weights", [1] * 10), strict=True))
    assert rule_of(lambda: CredentialList(header, election, weights)) == rule


def test_two_officers_are_enough_and_all_credentials_may_wait() -> None:
    poll = cached_poll()
    officers = [officer_of(poll.election.group, "Lid", secret) for secret in poll.officers[:2]]
    header = header_text(poll.election.uuid, 0, officers, poll.credential_texts, [])
    begun = CredentialList(header, poll.election._replace(credential_list=hash_of(header)), poll.weights)
    assert (len(begun.officers), begun.active, begun.waiting) == (2, set(), set(poll.weights))


def test_a_header_in_another_form_is_refused() -> None:
    poll = cached_poll()
    for header in (b"{}", poll.list_header.replace(b'"version":1', b'"version":2')):
        election = poll.election._replace(credential_list=hash_of(header))
        assert rule_of(lambda: CredentialList(header, election, poll.weights)) == "list.form"  # noqa: B023


class TestAnOfficer:
    def test_signs_only_what_may_come(self) -> None:
        kept = GrowingList(poll_with_list())
        entry = Activate(number=1, previous=kept.state.head, credential=kept.poll.credential_texts[0], ground="lost")
        assert rule_of(lambda: kept.sign(entry)) == "list.credential"

    def test_signs_with_their_own_key(self) -> None:
        kept = GrowingList(poll_with_list())
        entry, (_one, other, third), dice = kept.state.close("0" * 64), kept.poll.officers, kept.poll.dice
        assert rule_of(lambda: kept.state.sign(entry, 1, other, dice)) == "list.officers"
        for nobody in (0, 4):
            for secret in kept.poll.officers:
                assert rule_of(lambda: kept.state.sign(entry, nobody, secret, dice)) == "list.officers"  # noqa: B023
        assert kept.state.sign(entry, 3, third, dice).officer == 3

    def test_signs_for_one_list(self) -> None:
        """What was signed for one poll holds in no other, also where numbers, credentials and officers are the same."""
        kept, other = GrowingList(poll_with_list()), GrowingList(SecretPoll([COUNCIL], voters=10, kept=KEPT, seed="2"))
        entry = Close(number=1, previous=other.state.head, board="0" * 64)
        assert rule_of(lambda: kept.sign(entry)) == "list.previous"


class TestTheElectionNamesItsList:
    @pytest.mark.parametrize(
        "authority",
        [
            "Griffie stembus-credential-list:",
            "Griffie stembus-credential-list:" + "0" * 63,
            "stembus-credential-list:!",
        ],
    )
    def test_in_one_form(self, authority: str) -> None:
        assert rule_of(lambda: self.election(authority)) == "election.list"

    def test_and_nothing_after_it(self) -> None:
        assert rule_of(lambda: self.election(authority_with_list("Griffie", b"") + " ")) == "election.list"

    def test_or_none(self) -> None:
        assert self.election("Griffie").credential_list is None
        assert self.election(authority_with_list("Griffie\nvan de partij", b"x")).credential_list == hash_of(b"x")

    def test_and_a_verifier_refuses_another_form(self) -> None:
        poll, _text = counted()
        records = records_of(poll.archive)
        _kind, (election, *rest) = records[0]
        broken = election.replace(b"stembus-credential-list:", b"stembus-credential-list:0")
        is_refused(rebuilt([("Setup", [broken, *rest])]), "election.list", 0)

    @staticmethod
    def election(authority: str) -> Any:
        return read_election(
            election_text(
                uuid="Voorbee1dpart1j",
                name="Raad",
                description="",
                group=BELENIOS_2048,
                public_key=BELENIOS_2048.g,
                questions=(COUNCIL,),
                credential_authority=authority,
            )
        )
