"""The secret poll step by step on its page: one person proposes, another confirms, and the page says what is next."""

from collections.abc import Callable
from typing import Any

from secret_poll_party import AFTER, AUTHORITY, BY, NAME, TRUSTEES, VOTING, begun_party, prepared_party
from sqlmodel import select

from stembus.access.proposal_tables import Proposal
from stembus.access.proposals import confirm
from stembus.clock import SetClock
from stembus.instance import Instance
from stembus_polls.contests import AT_LARGE
from stembus_polls.poll import open_poll
from stembus_polls.secret.board import head
from stembus_polls.secret.change_credentials import change_credentials
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.roles import TRUSTEE, holders_of
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trustees.ceremony import attempt_of

Browsers = Callable[[], Any]
BOX = f"/procedures/{NAME}/poll/box"


def confirmed(instance: Instance) -> None:
    """Let the second person confirm the only proposal that is open."""
    with instance.write() as transaction:
        row = transaction.session.exec(select(Proposal).where(Proposal.outcome == "")).one()
        confirm(transaction, row.id, by=BY[1], shown_sha256=row.shown_sha256)


def the_poll(instance: Instance) -> SecretPoll | None:
    with instance.read() as session:
        return session.exec(select(SecretPoll)).first()


def test_the_roles_are_proposed_by_one_and_named_once_another_confirms_and_the_key_can_be_made_again(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    begun_party(served, clock, numbers=("2001",), changes={})
    first = browser().sign_in(BY[0])
    first.get(BOX)
    assert "Wijs de sleutelbewaarders aan en wie de stemcodes maakt." in first.words
    empty = first.post(f"{BOX}/prepare?contest={AT_LARGE}", trustees="", authority=AUTHORITY)
    assert empty.status_code == 422
    clash = first.post(f"{BOX}/prepare?contest={AT_LARGE}", trustees=" ".join(TRUSTEES), authority="9999")
    assert clash.status_code >= 400
    assert the_poll(served) is None
    sent = first.post(
        f"{BOX}/prepare?contest={AT_LARGE}", trustees="\n".join(TRUSTEES), authority=AUTHORITY, follow=False
    )
    assert sent.status_code == 303
    assert the_poll(served) is None
    confirmed(served)
    poll = the_poll(served)
    assert poll is not None
    with served.read() as session:
        assert [one.number for one in holders_of(session, poll.uuid, TRUSTEE)] == list(TRUSTEES)
    first.get(BOX)
    assert "Elke sleutelbewaarder opent de eigen uitnodiging" in first.words
    assert first.post(f"{BOX}/restart?contest={AT_LARGE}", ground=" ").status_code == 422
    assert (
        first.post(f"{BOX}/restart?contest={AT_LARGE}", ground="Een laptop ging stuk.", follow=False).status_code == 303
    )
    confirmed(served)
    with served.read() as session:
        assert attempt_of(session, poll.uuid) == 2


def test_the_poll_is_set_up_and_sealed_by_two_on_its_page(served: Instance, clock: SetClock, browser: Browsers) -> None:
    party = prepared_party(served, clock)
    first = browser().sign_in(BY[0])
    first.get(BOX)
    assert "De sleutel en de codes zijn er" in first.words
    assert f"{BOX}/seal" not in first.page
    assert first.post(f"{BOX}/set-up?contest={AT_LARGE}", follow=False).status_code == 303
    confirmed(served)
    first.get(BOX)
    assert "Er gaan bekende stemmen door dezelfde inrichting" in first.words
    clock.set(VOTING)
    for number in party.voters[:10]:
        party.vote(number, (0,))
    clock.set(AFTER)
    tend_box(served, party.uuid)
    second = browser().sign_in(BY[0])
    second.get(BOX)
    assert "De stemming is voorbij: twee mensen verzegelen de stembus." in second.words
    assert "Niemand oefende voordat de stemming openging." in second.words
    assert second.post(f"{BOX}/seal?contest={AT_LARGE}", follow=False).status_code == 303
    confirmed(served)
    with served.read() as session:
        last = head(session, party.uuid)
    assert last is not None
    assert last.kind == "EndBallots"
    second.get(BOX)
    assert "kan iedereen in de stembus kijken en bezwaar maken" in second.words
    assert "Eerst moet de lijst met stemcodes worden gesloten" in second.words
    with served.write() as transaction:
        contest = open_poll(transaction, NAME).contest(AT_LARGE)
        change_credentials(transaction, contest, party.closing_line(), by=AUTHORITY)
    second.get(BOX)
    assert "lijst met stemcodes worden gesloten" not in second.words
    assert f"{BOX}/seal" not in second.page


def test_who_has_no_part_in_it_does_not_see_the_page(served: Instance, clock: SetClock, browser: Browsers) -> None:
    begun_party(served, clock, numbers=("2001",), changes={})
    member = browser().sign_in("2001", "link")
    assert member.get(BOX).status_code in (403, 404)
