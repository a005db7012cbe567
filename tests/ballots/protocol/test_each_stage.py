"""Each stage of the verifier by itself: what it finds in a few numbers, what it says, what it leaves to the next."""

from functools import cache
from pathlib import Path

import pytest
from secret_polls import COUNCIL, RANKING, SecretPoll

from stembus_ballots.protocol.credentials import public_credentials_text
from stembus_ballots.protocol.election import Homomorphic, Ranked, election_text, ranked_question
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import Happened, read_events
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048
from stembus_ballots.protocol.rankings import Meaning, extra_of
from stembus_ballots.protocol.result import result_of, result_text
from stembus_ballots.protocol.tally import Tally
from stembus_ballots.protocol.trustees import read_trustees
from stembus_ballots.protocol.verify import Verdict
from stembus_ballots.protocol.verify.board import check_ballots
from stembus_ballots.protocol.verify.decryptions import Counted, check_decryptions, check_side_files
from stembus_ballots.protocol.verify.mixes import check_mixes
from stembus_ballots.protocol.verify.outcome import check_outcome
from stembus_ballots.protocol.verify.poll import Poll
from stembus_ballots.protocol.verify.setup import check_setup
from stembus_ballots.protocol.work import ONE_BY_ONE, silent

OLDER = Path(__file__).parents[2] / "data" / "belenios" / "trustees-v2.0-f_server_plus_threshold.json"
STRICT, ASKS = Meaning("strict", side_files=False), Meaning("strict", side_files=True)


def as_checked(secret: SecretPoll, *meanings: Meaning | None) -> Poll:
    """A poll as it is after Setup, whatever its questions are said to mean."""
    return Poll(secret.election, secret.trustees, secret.weights, meanings)


def events_of(secret: SecretPoll, *kinds: str) -> list[Happened]:
    return [event for event in read_events(secret.archive) if event.type in kinds]


class TestSetup:
    @pytest.mark.parametrize(
        ("weights", "notes"), [([1, 1], []), ([1, 0], ["Ballots have weights; all credentials together weigh 1."])]
    )
    def test_says_what_was_checked_and_whether_ballots_have_weights(self, weights: list[int], notes: list[str]) -> None:
        verdict = Verdict()
        (setup,) = events_of(SecretPoll([COUNCIL], voters=2, trustees=1, weights=weights), "Setup")
        check_setup(setup, verdict)
        said = (
            "The election Voorbee1dpart1j (1 questions, BELENIOS-2048), its 1 trustees, of whom 1 decrypt, and its 2 "
            "credentials: every key, proof and signature."
        )
        assert (verdict.checked, verdict.notes) == ([said], notes)

    def test_notes_a_key_of_the_older_form(self) -> None:
        election = election_text(
            uuid="Voorbee1dpart1j",
            name="Raad",
            description="",
            group=BELENIOS_2048,
            public_key=read_trustees(OLDER.read_bytes(), BELENIOS_2048).public_key,
            questions=(COUNCIL,),
        )
        credentials = public_credentials_text([(BELENIOS_2048.g, 1)], BELENIOS_2048)
        records = memoryview(election), memoryview(OLDER.read_bytes()), memoryview(credentials)
        verdict = Verdict()
        check_setup(Happened(0, "Setup", records, ""), verdict)
        assert verdict.notes == [
            "The trustees' key has the older form without context and joint signatures; belenios-tool 3 refuses it."
        ]

    def test_reads_what_each_ranked_question_says_of_its_numbers(self) -> None:
        ours = ranked_question("In welke volgorde?", ("Ada", "Bo"), extra_of(ASKS))
        poll = SecretPoll([COUNCIL, ours, RANKING], group=RFC_3526_2048, voters=1, trustees=1)
        assert check_setup(events_of(poll, "Setup")[0], Verdict()).meanings == (None, ASKS, None)


@pytest.mark.parametrize(
    ("meanings", "needed"),
    [((), False), ((None,), False), ((STRICT,), False), ((ASKS,), True), ((None, ASKS), True), ((ASKS, STRICT), True)],
)
def test_one_question_that_asks_for_side_files_is_enough(meanings: tuple[Meaning | None, ...], needed: bool) -> None:
    poll = SecretPoll([COUNCIL], voters=1, trustees=1)
    assert as_checked(poll, *meanings).needs_side_files == needed


@cache
def voted() -> SecretPoll:
    """A poll with the ballots of two voters, and another one of the first."""
    poll = SecretPoll([COUNCIL], voters=2, trustees=1)
    for voter in (0, 1, 0):
        poll.cast(voter, [[1, 0, 0]])
    return poll


class TestBallots:
    @pytest.mark.parametrize(
        ("cast", "rules", "said"),
        [
            pytest.param((), [], ["0 ballots of 0 credentials"], id="none"),
            pytest.param((0, 1), [], ["2 ballots of 2 credentials"], id="of two voters"),
            pytest.param((0, 2), [], ["2 ballots of 1 credentials", "1 ballots were replaced"], id="two of one voter"),
            pytest.param((0, 1, 0), ["ballot.replay"], [], id="one twice"),
            pytest.param((3, 1), ["ballot.form"], [], id="one that is none"),
        ],
    )
    def test_are_counted_where_all_of_them_hold(self, cast: tuple[int, ...], rules: list[str], said: list[str]) -> None:
        poll, verdict = voted(), Verdict()
        none = Happened(9, "Ballot", (memoryview(b"{}"),), "")
        events = [[*events_of(poll, "Ballot"), none][at] for at in cast]
        found = check_ballots(as_checked(poll, None), events, verdict, workers=ONE_BY_ONE, progress=silent)
        assert [finding.rule for finding in verdict.failures] == rules
        assert [sentence.split(":")[0].split(" by ")[0] for sentence in verdict.checked + verdict.notes] == said
        assert verdict.trackers == [ballot.tracker for ballot in found]
        assert len(found) == len(cast) - len(rules)


@cache
def decrypted() -> SecretPoll:
    """A poll with one ballot that both trustees decrypted."""
    poll = SecretPoll([COUNCIL], voters=1)
    poll.cast(0, [[1, 0, 0]])
    poll.close()
    poll.decrypt(1)
    poll.decrypt(2)
    return poll


class TestDecryptions:
    @pytest.mark.parametrize(
        ("by", "said"),
        [
            ((), []),
            ((1,), ["1 decryptions, by trustee 1: every factor and its proof."]),
            ((2, 1), ["2 decryptions, by trustee 2, 1: every factor and its proof."]),
        ],
    )
    def test_are_named_where_all_of_them_hold(self, by: tuple[int, ...], said: list[str]) -> None:
        given, verdict = events_of(decrypted(), "PartialDecryption"), Verdict()
        found = self.checked([given[trustee - 1] for trustee in by], verdict)
        assert (tuple(found), verdict.checked, verdict.failures) == (by, said, [])

    def test_that_hold_are_kept_beside_one_that_fails_and_nothing_is_said_of_them(self) -> None:
        (one, other), verdict = events_of(decrypted(), "PartialDecryption"), Verdict()
        not_theirs = other._replace(data=(one.data[0], other.data[1]))
        assert self.checked([one, not_theirs], verdict) == [1]
        assert [(finding.rule, finding.event) for finding in verdict.failures] == [("decryption.proof", other.height)]
        assert verdict.checked == []

    @staticmethod
    def checked(events: list[Happened], verdict: Verdict) -> list[int]:
        poll = decrypted()
        found = check_decryptions(
            as_checked(poll, None), poll.to_open, events, verdict, workers=ONE_BY_ONE, progress=silent
        )
        assert all(factors == poll.factors[owner] for owner, factors in found.items())
        return list(found)


@pytest.mark.parametrize(
    ("meaning", "decryptions", "side_files", "counting", "all_proven", "lacks"),
    [
        pytest.param(None, (), (), (), False, False, id="nothing yet"),
        pytest.param(None, (1, 2), (), (1, 2), False, False, id="none is asked for or given"),
        pytest.param(None, (1, 2), (1,), (1, 2), False, False, id="one is given and none asked for"),
        pytest.param(None, (1, 2), (2, 1), (1, 2), True, False, id="all are given and none asked for"),
        pytest.param(None, (1,), (), (1,), False, False, id="none is asked for and a decryption is missing"),
        pytest.param(ASKS, (), (), (), False, False, id="asked for and nothing yet"),
        pytest.param(ASKS, (1,), (), (), False, False, id="asked for and a decryption is missing as well"),
        pytest.param(ASKS, (1, 2), (), (), False, True, id="asked for and none is given"),
        pytest.param(ASKS, (1, 2), (2,), (2,), True, True, id="asked for and one is given"),
        pytest.param(ASKS, (1, 2), (1, 2), (1, 2), True, False, id="asked for and all are given"),
    ],
)
def test_which_decryptions_count_follows_from_the_side_files(
    *,
    meaning: Meaning | None,
    decryptions: tuple[int, ...],
    side_files: tuple[int, ...],
    counting: tuple[int, ...],
    all_proven: bool,
    lacks: bool,
) -> None:
    poll, verdict = decrypted(), Verdict()
    factors = {owner: poll.factors[owner] for owner in decryptions}
    given = [poll.side_file(owner) for owner in side_files]
    counted = check_side_files(
        as_checked(poll, meaning), poll.to_open, factors, given, verdict, workers=ONE_BY_ONE, progress=silent
    )
    assert counted == Counted({owner: factors[owner] for owner in counting}, all_proven, lacks)
    assert verdict.failures == []
    names = ", ".join(map(str, sorted(side_files)))
    proven = f"{len(side_files)} side files, of trustee {names}: all factors at once are right."
    assert verdict.checked == ([proven] if side_files else [])
    assert [note.split(":")[0] for note in verdict.notes] == [
        f"Trustee {owner} counts as absent" for owner in decryptions if owner not in counting
    ]


@cache
def mixed() -> SecretPoll:
    """A poll with a question to be added up and one to be mixed, and one ballot, mixed by both trustees."""
    poll = SecretPoll([COUNCIL, RANKING], group=RFC_3526_2048, voters=1)
    poll.cast(0, [[1, 0, 0], [1, 2, 3]])
    poll.close()
    poll.mix(1)
    poll.mix(2)
    poll.end_mixes()
    return poll


class TestMixes:
    @pytest.mark.parametrize(
        ("kept", "said", "rules"),
        [
            pytest.param((), [], [], id="none yet"),
            pytest.param((0,), ["1 mixes, by trustee 1: every proof and every ciphertext."], [], id="one so far"),
            pytest.param((0, 2), [], ["shuffle.trustees"], id="one and no more"),
            pytest.param((0, 1, 2), ["2 mixes, by trustee 1, 2: every proof and every ciphertext."], [], id="enough"),
        ],
    )
    def test_are_enough_where_as_many_trustees_mixed_as_decrypt(
        self, kept: tuple[int, ...], said: list[str], rules: list[str]
    ) -> None:
        poll, verdict = mixed(), Verdict()
        assert poll.tally is not None
        events = [events_of(poll, "Shuffle", "EndShuffles")[at] for at in kept]
        found = check_mixes(
            as_checked(poll, None, None), poll.tally, events, verdict, workers=ONE_BY_ONE, progress=silent
        )
        assert (verdict.checked, [finding.rule for finding in verdict.failures]) == (said, rules)
        sums, rankings = found
        assert sums == poll.tally.ciphertexts[0], "what is added up is not mixed"
        assert (rankings == poll.tally.ciphertexts[1]) == (kept == ())
        assert (found == poll.to_open) == (kept == (0, 1, 2))

    @pytest.mark.parametrize(("opened", "rules"), [(False, []), (True, ["shuffle.missing"])])
    def test_may_be_missing_until_something_is_opened(self, *, opened: bool, rules: list[str]) -> None:
        poll, verdict = SecretPoll([RANKING], group=RFC_3526_2048, voters=1, trustees=1), Verdict()
        events = [Happened(3, "PartialDecryption", (), "")] if opened else []
        found = check_mixes(
            as_checked(poll, None), Tally(((),), 0, 0), events, verdict, workers=ONE_BY_ONE, progress=silent
        )
        assert (found, verdict.checked, [finding.rule for finding in verdict.failures]) == (((),), [], rules)

    def test_of_a_poll_that_is_only_added_up_are_none(self) -> None:
        poll, verdict = decrypted(), Verdict()
        assert poll.tally is not None
        found = check_mixes(as_checked(poll, None), poll.tally, [], verdict, workers=ONE_BY_ONE, progress=silent)
        assert (found, verdict.checked, verdict.failures) == (poll.tally.ciphertexts, [], [])


UNPROVEN = (
    "There is no side file of each trustee. That no ballot was opened wrongly was judged by encoding each one again, "
    "which a wrong factor survives only by a chance that nobody has."
)
INVALID = "1 ballots hold no ranking that the question allows, and are invalid votes."
FINE, SHARED = RFC_3526_2048.encode((1, 2, 3)), RFC_3526_2048.encode((7, 7, 7))
FOREIGN = RFC_3526_2048.power(RFC_3526_2048.g, 7)
ONE, NONE = BELENIOS_2048.g, BELENIOS_2048.identity


class TestTheResult:
    @pytest.mark.parametrize(
        ("question", "column", "all_proven", "notes", "invalid"),
        [
            pytest.param(COUNCIL, (ONE, NONE, NONE), False, [], set(), id="sums"),
            pytest.param(RANKING, (FINE, FINE), False, [UNPROVEN], set(), id="rankings"),
            pytest.param(RANKING, (FINE, FINE), True, [], set(), id="rankings with side files"),
            pytest.param(RANKING, (FINE, FOREIGN), True, [INVALID], {1}, id="what no program encodes"),
            pytest.param(RANKING, (SHARED, FINE), True, [INVALID], {0}, id="what is no ranking"),
            pytest.param(RANKING, (SHARED, FINE), False, [UNPROVEN, INVALID], {0}, id="what is no ranking, unproven"),
        ],
    )
    def test_says_which_ballots_are_no_vote(
        self,
        question: Homomorphic | Ranked,
        column: tuple[int, ...],
        all_proven: bool,
        notes: list[str],
        invalid: set[int],
    ) -> None:
        verdict = self.of([question], [column], all_proven=all_proven)
        assert (verdict.notes, verdict.invalid) == (notes, (frozenset(invalid),))
        assert verdict.checked == ["The result is what these decryptions open, number by number."]
        assert verdict.result is not None

    @pytest.mark.parametrize(
        "columns", [[(FOREIGN,)], [(FINE, FOREIGN)], [(FOREIGN,), (FINE,)], [(FINE, FINE), (FINE, FOREIGN)]]
    )
    def test_is_refused_where_a_trustee_may_have_made_a_ballot_foreign(self, columns: list[tuple[int, ...]]) -> None:
        with pytest.raises(ProtocolError, match=r"^1 ballots open to something that no program") as refused:
            self.of([RANKING] * len(columns), columns, all_proven=False)
        assert refused.value.rule == "result.foreign"

    @staticmethod
    def of(questions: list[Homomorphic | Ranked], columns: list[tuple[int, ...]], *, all_proven: bool) -> Verdict:
        """The verdict where these elements were opened and published."""
        is_mixed, verdict = isinstance(questions[0], Ranked), Verdict()
        group, weight = (RFC_3526_2048, len(columns[0])) if is_mixed else (BELENIOS_2048, 1)
        secret = SecretPoll(questions, group=group, voters=1, trustees=1)
        text = memoryview(result_text(result_of(secret.election, tuple(columns), weight)))
        poll = as_checked(secret, *([STRICT if is_mixed else None] * len(questions)))
        tally = Tally((), weight, weight)
        check_outcome(poll, tally, tuple(columns), all_proven=all_proven, text=text, verdict=verdict)
        return verdict
