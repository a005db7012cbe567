"""The secret poll step by step on its page: one person proposes, another confirms, and the page says what is next."""

from collections.abc import Callable
from typing import Any

from mail_cases import Scripted
from secret_poll_party import AFTER, AUTHORITY, BY, NAME, TRUSTEES, VOTING, begun_party, prepared_party
from sqlmodel import select

from stembus.access.proposal_tables import Proposal
from stembus.access.proposals import confirm
from stembus.clock import SetClock
from stembus.instance import Instance
from stembus.notices.transport import Answer
from stembus.notices.worker import work_once
from stembus_polls.contests import AT_LARGE
from stembus_polls.poll import open_poll
from stembus_polls.secret.board import head
from stembus_polls.secret.change_credentials import change_credentials
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.roles import TRUSTEE, holders_of
from stembus_polls.secret.set_up import set_up
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trustees.ceremony import attempt_of

Browsers = Callable[[], Any]
REMIND = f"/procedures/{NAME}/poll/remind"
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


def test_who_can_still_vote_is_reminded_once_a_day_and_the_page_tells_numbers_and_no_names(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    party = prepared_party(served, clock)
    office = browser().sign_in(BY[0])
    office.get(f"{REMIND}?lang=en")
    assert "there is nothing to remind of" in office.words
    assert "Let this reminder go?" not in office.words
    with served.write() as transaction:
        set_up(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)
    clock.set(VOTING)
    office.sign_in(BY[0])
    for number in party.voters[:5]:
        party.vote(number, (0,))
    office.get(f"{REMIND}?lang=en")
    assert "On the roll 12" in office.words
    for said in ("You can still vote", "U kunt nog stemmen", "It is looked at for 12 members"):
        assert said in office.words
    assert not any(f"Lid {number}" in office.words for number in party.voters)
    office.post(f"{REMIND}?contest={AT_LARGE}")
    assert "Nobody sees who they are." in office.words
    assert "Still to be looked at 12" in office.words
    assert "Members were reminded at" in office.words
    assert office.post(f"{REMIND}?contest={AT_LARGE}").status_code >= 400
    server = Scripted(Answer("refused", "550 no such user"))
    while work_once(served, server).mail_id:
        pass
    assert len([one for one in server.got if one.to.removeprefix("lid")[:4] in party.voters]) == 7
    office.get(f"{REMIND}?lang=en")
    assert "Still to be looked at 0 Dealt with: sent, not needed any more, or refused 12" in office.words
    assert browser().sign_in("2001", "link").get(REMIND).status_code in (403, 404)


def test_who_has_no_part_in_it_does_not_see_the_page(served: Instance, clock: SetClock, browser: Browsers) -> None:
    begun_party(served, clock, numbers=("2001",), changes={})
    member = browser().sign_in("2001", "link")
    assert member.get(BOX).status_code in (403, 404)
