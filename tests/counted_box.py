"""From votes online and on paper to a box that can be counted, by the verbs that people use."""

from collections.abc import Sequence

import pytest
from secret_poll_party import AFTER, AUTHORITY, BY, NAME
from trustee_party import TrusteeParty

from stembus.errors import Refused
from stembus.instance import Transaction
from stembus_polls.contests import Contest
from stembus_polls.counting.blocks import count_blocks
from stembus_polls.credentials.secret_list import PaperCredentials
from stembus_polls.paper.account import ByHand, number_papers, state_account
from stembus_polls.paper.rule import rule_paper
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.paper.type_over import type_papers
from stembus_polls.poll import open_poll
from stembus_polls.secret.change_credentials import change_credentials
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.give_struck import give_struck
from stembus_polls.secret.paper_votes import EncryptedPapers, encrypt_papers, papers_to_encrypt, put_papers_in
from stembus_polls.secret.readings import is_added_up
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.tables import SecretPapers, SecretVerdict
from stembus_polls.secret.verdicts import keep_verdicts, verify_poll


def contest(party: TrusteeParty, transaction: Transaction | None = None) -> Contest:
    """The contest as it stands now, or in a transaction."""
    if transaction is None:
        return party.party.contest()
    return open_poll(transaction, NAME).contest(party.party.contest_id)


def vote_on_paper(party: TrusteeParty, papers: Sequence[str], *, carried_off: int = 0) -> None:
    """Strike members off for a paper, and after the close account for the papers, type them twice and rule."""
    made = party.party
    voters = made.voters[-len(papers) - carried_off :]
    with party.instance.write() as transaction:
        transaction.session.add_all(
            StrikeOff(
                procedure_id=contest(party, transaction).procedure_id, contest=made.contest_id,
                member_id=made.member(number), channel="paper_in_meeting", papers=1,
            )
            for number in voters
        )  # fmt: skip
    with pytest.raises(Refused, match="after the close"), party.instance.write() as transaction:
        give_struck(transaction, contest(party, transaction), by=AUTHORITY)
    made.clock.set(AFTER)
    tend_box(party.instance, made.uuid)
    with pytest.raises(Refused, match="Only the credential authority"), party.instance.write() as transaction:
        give_struck(transaction, contest(party, transaction), by=BY[0])
    with party.instance.write() as transaction:
        assert give_struck(transaction, contest(party, transaction), by=AUTHORITY) == voters
    entries = [("void", made.codes[number], "paper") for number in voters]
    entries += [("activate", code, "paper") for code in made.paper[: len(papers)]]
    with party.instance.write() as transaction:
        lines = b"".join(made.signed(*entries))  # type: ignore[arg-type]  # each is one of the two forms
        change_credentials(transaction, contest(party, transaction), lines, by=AUTHORITY)
        by_hand = ByHand(unused=0, spoiled=0, taken=carried_off, in_box=len(papers))
        said = dict.fromkeys(("printed", "issued", "box", "strike_offs", "postal"), "papers of a test")
        state_account(transaction, contest(party, transaction), by_hand, explanations=said, by=BY)
        number_papers(transaction, contest(party, transaction), len(papers), by=BY)
    for typist in BY:
        with party.instance.write() as transaction:
            type_papers(transaction, contest(party, transaction), dict(enumerate(papers, 1)), typist=typist)
    with party.instance.write() as transaction:
        for number, marks in enumerate(papers, 1):
            if marks.startswith("?"):
                rule_paper(
                    transaction,
                    contest(party, transaction),
                    number,
                    outcome="invalid",
                    marks="",
                    reason="unclear",
                    by=BY,
                )


def paper_file(party: TrusteeParty, uuid: str = "") -> PaperCredentials:
    """The file of credentials for paper that the authority gave."""
    made = party.party
    return PaperCredentials(
        uuid=uuid or made.uuid, group=made.election.group.name, contest=made.contest_id, credentials=made.paper
    )


def encrypted(party: TrusteeParty, paper: PaperCredentials) -> EncryptedPapers:
    """The votes from paper under the credentials in a file."""
    with party.instance.read() as session:
        return encrypt_papers(papers_to_encrypt(session, contest(party), paper, party.party.clock.now()))


def put_in(party: TrusteeParty, paper: PaperCredentials | None = None) -> SecretPapers:
    """Put the papers into the box."""
    papers = encrypted(party, paper or paper_file(party))
    with party.instance.write() as transaction:
        row = put_papers_in(transaction, contest(party, transaction), papers, by=BY)
        transaction.session.expunge(row)
        return row


def closed(party: TrusteeParty) -> None:
    """Let the vote be over, with every ballot on the board."""
    party.party.clock.set(max(AFTER, party.party.clock.now()))
    while tend_box(party.instance, party.party.uuid):
        pass


def opened(party: TrusteeParty) -> None:
    """Seal the box, let objections pass, and let two of three trustees open it."""
    closed(party)
    with party.instance.write() as transaction:
        seal_box(transaction, contest(party, transaction), by=BY)
    opened_by_trustees(party)


def opened_by_trustees(party: TrusteeParty) -> None:
    """Close the list of credentials of a sealed box, let objections pass, and let two of three trustees open it."""
    with party.instance.write() as transaction:
        change_credentials(transaction, contest(party, transaction), party.party.closing_line(), by=AUTHORITY)
    party.after_objections()
    party.look()
    if not is_added_up(party.party.election.questions):
        for number in (1, 3):
            party.programs[number].mix()
        party.look()
    for number in (3, 2):
        party.programs[number].decrypt()
    party.look()


def verified(party: TrusteeParty) -> list[SecretVerdict]:
    """Have the archive verified, and keep the verdicts."""
    found = verify_poll(party.instance, contest(party))
    with party.instance.write() as transaction:
        return keep_verdicts(transaction, contest(party, transaction), found, by=BY)


def reasons(party: TrusteeParty) -> list[str]:
    """What keeps the poll from being counted."""
    with party.instance.read() as session:
        return [block.rule for block in count_blocks(session, (contest(party),))]
