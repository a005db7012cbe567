"""Links and codes in mails sign in one person, once, for a short while, and say nothing about who is known."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from access_cases import mails, people, secrets_in
from sqlalchemy import event
from sqlmodel import func, select

from stembus.access.limits import LINK_TO_ADDRESS, attempt
from stembus.access.links import CODE_LIFE, LINK_LIFE, TRIES, ask_link, mailbox, offered, use_code, use_link
from stembus.access.sessions import Proof
from stembus.clock import SetClock
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.notices.languages import set_language
from stembus.notices.tables import MailMessage
from stembus.organisation.tables import Member, MemberPeriod
from stembus.tables import CORE_TABLES


@pytest.fixture
def party(instance: Instance) -> Instance:
    people(instance)
    return instance


def ask(instance: Instance, address: str, browser: str = "browser") -> list[MailMessage]:
    """Ask for a link, and return the mails that came of it."""
    before = {mail.id for mail in mails(instance)}
    with instance.write() as transaction:
        ask_link(transaction, address=address, lang="nl", browser=browser)
    return [mail for mail in mails(instance) if mail.id not in before]


def link(instance: Instance, token: str) -> Proof | Refused:
    with instance.write() as transaction:
        return use_link(transaction, token)


def code(instance: Instance, text: str, browser: str = "browser") -> Proof | Refused:
    with instance.write() as transaction:
        return use_code(transaction, browser=browser, text=text)


def is_over(answer: Proof | Refused) -> bool:
    return isinstance(answer, Refused)


def test_a_link_signs_in_whose_mailbox_it_is(party: Instance) -> None:
    ask(party, " Robin@Voorbeeld.example")
    token, _ = secrets_in(mails(party)[0])
    assert link(party, token) == Proof("m-7", "link")


def test_w6_a_link_works_once(party: Instance) -> None:
    ask(party, "robin@voorbeeld.example")
    token, typed = secrets_in(mails(party)[0])
    assert not is_over(link(party, token))
    assert is_over(link(party, token))
    assert is_over(code(party, typed)), "the code beside a used link is over as well"


def test_w6_of_many_who_use_a_link_at_once_one_gets_in(party: Instance) -> None:
    ask(party, "robin@voorbeeld.example")
    token, _ = secrets_in(mails(party)[0])
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: link(party, token), range(8)))
    assert sum(isinstance(answer, Proof) for answer in answers) == 1


@pytest.mark.parametrize(("after", "works"), [(LINK_LIFE - timedelta(seconds=1), True), (LINK_LIFE, False)])
def test_w6_a_link_works_for_ten_minutes(party: Instance, clock: SetClock, after: timedelta, works: bool) -> None:
    ask(party, "robin@voorbeeld.example")
    token, _ = secrets_in(mails(party)[0])
    clock.set(clock.now() + after)
    assert is_over(link(party, token)) is not works


def test_w6_looking_at_a_link_changes_nothing(party: Instance) -> None:
    ask(party, "robin@voorbeeld.example")
    token, _ = secrets_in(mails(party)[0])
    for _ in range(5):
        with party.read() as session:
            assert offered(party, session, token) == "Robin Oefening"
    assert not is_over(link(party, token))
    with party.read() as session:
        assert offered(party, session, token) is None
        assert offered(party, session, "made up") is None


def test_w6_a_newer_link_ends_the_older_one(party: Instance) -> None:
    older, old_code = secrets_in(*ask(party, "robin@voorbeeld.example"))
    newer, _ = secrets_in(*ask(party, "robin@voorbeeld.example", "another browser"))
    assert is_over(link(party, older))
    assert is_over(code(party, old_code))
    assert not is_over(link(party, newer))


def test_w6_a_link_that_is_over_names_nobody(party: Instance, clock: SetClock) -> None:
    older, _ = secrets_in(*ask(party, "robin@voorbeeld.example"))
    newer, _ = secrets_in(*ask(party, "robin@voorbeeld.example", "another browser"))
    with party.read() as session:
        assert offered(party, session, older) is None
        assert offered(party, session, newer) == "Robin Oefening"
        clock.set(clock.now() + LINK_LIFE)
        assert offered(party, session, newer) is None


@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1}", "{2} - {3}"])
def test_e11_a_code_is_read_as_it_was_meant(party: Instance, written: str) -> None:
    ask(party, "robin@voorbeeld.example")
    _, typed = secrets_in(mails(party)[0])
    text = written.format(typed, typed.lower().replace("0", "o").replace("1", "l"), typed[:4], typed[5:])
    assert code(party, text) == Proof("m-7", "link")


def test_a_code_works_in_the_browser_that_asked_and_longer_than_the_link(party: Instance, clock: SetClock) -> None:
    ask(party, "robin@voorbeeld.example")
    token, typed = secrets_in(mails(party)[0])
    clock.set(clock.now() + CODE_LIFE - timedelta(seconds=1))
    assert is_over(link(party, token))
    assert is_over(code(party, typed, "a thief's browser"))
    assert code(party, typed) == Proof("m-7", "link")
    assert is_over(code(party, typed))


def test_a_code_is_over_after_an_hour(party: Instance, clock: SetClock) -> None:
    ask(party, "robin@voorbeeld.example")
    _, typed = secrets_in(mails(party)[0])
    clock.set(clock.now() + CODE_LIFE)
    assert is_over(code(party, typed))


def test_five_wrong_codes_end_it(party: Instance) -> None:
    ask(party, "robin@voorbeeld.example")
    _, typed = secrets_in(mails(party)[0])
    wrong = "00000000" if typed != "00000000" else "00000001"
    said = [str(code(party, wrong)) for _ in range(TRIES)]
    assert "You can try 4 more times" in said[0]
    assert "Ask for a new mail" in said[-1]
    assert is_over(code(party, typed))


def test_a_mailbox_of_two_members_identifies_neither(party: Instance) -> None:
    ask(party, "thuis@voorbeeld.example")
    [mail] = mails(party)
    assert "/sign-in/link/" not in mail.text
    assert "/sign-in/letter" in mail.text
    assert mail.member_id == ""


def test_who_left_gets_no_mail(party: Instance) -> None:
    ask(party, "ex@voorbeeld.example")
    assert mails(party) == []


def test_a_link_is_over_when_the_membership_ends_meanwhile(party: Instance) -> None:
    ask(party, "robin@voorbeeld.example")
    token, _ = secrets_in(mails(party)[0])
    with party.write() as transaction:
        period = MemberPeriod(member_id="m-7", kind="left", starts=date(2026, 3, 1), value="yes")
        transaction.session.add(period)
    assert is_over(link(party, token))


def test_what_is_no_address_is_said(party: Instance) -> None:
    with pytest.raises(UnusableInput, match="not an e-mail address"):
        ask(party, "robin")


def rows(instance: Instance) -> Counter[str]:
    with instance.read() as session:
        return Counter(
            {str(t.__tablename__): session.exec(select(func.count()).select_from(t)).one() for t in CORE_TABLES}
        )


def added(instance: Instance, address: str, browser: str) -> Counter[str]:
    before = rows(instance)
    ask(instance, address, browser)
    return rows(instance) - before


def test_e10_an_unknown_address_writes_the_same_rows_but_for_the_mail(party: Instance) -> None:
    known = added(party, "robin@voorbeeld.example", "one")
    unknown = added(party, "nobody@voorbeeld.example", "two")
    assert known == unknown + Counter({"mail_message": 1})


def test_e10_codes_of_an_unknown_address_are_answered_alike(party: Instance) -> None:
    ask(party, "robin@voorbeeld.example", "one")
    ask(party, "nobody@voorbeeld.example", "two")
    for _ in range(TRIES + 1):
        assert str(code(party, "00000000", "one")) == str(code(party, "00000000", "two"))


def test_e10_who_guesses_the_code_of_an_unknown_address_is_told_what_any_guess_is_told(
    party: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stembus.access.links.new_mail_code", lambda: "0000-0000")
    ask(party, "nobody@voorbeeld.example", "one")
    ask(party, "nobody@voorbeeld.example", "two")
    assert str(code(party, "0000-0000", "one")) == str(code(party, "1111-1111", "two"))


def test_the_tables_hold_no_secret(party: Instance) -> None:
    ask(party, "robin@voorbeeld.example", "secret of the browser")
    token, typed = secrets_in(mails(party)[0])
    with party.read() as session:
        kept = [
            str(row.model_dump())
            for table in CORE_TABLES
            if str(table.__tablename__).startswith("access_")
            for row in session.exec(select(table))
        ]
    for secret in (token, typed, "secret of the browser", "robin@voorbeeld.example"):
        assert not any(secret in row for row in kept)


def statements(instance: Instance, address: str, browser: str) -> list[str]:
    """What is asked of the database for one address."""
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(instance.database.engine, "before_cursor_execute", note)
    try:
        with instance.write() as transaction:
            ask_link(transaction, address=address, lang="nl", browser=browser)
    finally:
        event.remove(instance.database.engine, "before_cursor_execute", note)
    return seen


def test_e10_known_and_unknown_addresses_take_the_same_work(party: Instance) -> None:
    """Statements are compared, since they are the work; seconds on a busy machine tell little."""
    statements(party, "warm@voorbeeld.example", "0")
    known = statements(party, "robin@voorbeeld.example", "1")
    unknown = statements(party, "nobody@voorbeeld.example", "2")
    savepoint = re.compile(r"(RELEASE|ROLLBACK TO) SAVEPOINT.*")
    assert [savepoint.sub("end", one) for one in known] == [savepoint.sub("end", one) for one in unknown]


def test_a_mailbox_that_is_shared_under_two_spellings_identifies_neither(party: Instance) -> None:
    with party.write() as transaction:
        for identifier, address in (("m-7", "wij@bücher.example"), ("m-8", "wij@xn--bcher-kva.example")):
            member = transaction.session.get_one(Member, identifier)
            member.email = address
            transaction.session.add(member)
    for typed in ("wij@bücher.example", "wij@xn--bcher-kva.example", "WIJ@BÜCHER.example"):
        [mail] = ask(party, typed)
        assert mail.kind == "sign_in_shared", typed


@pytest.mark.parametrize("address", ["x@xn--a.nl", "x@xn--zzz.example"])
def test_w6_a_domain_that_means_nothing_is_answered_like_any_other(party: Instance, address: str) -> None:
    assert ask(party, address) == []


@pytest.mark.parametrize(
    "typed",
    [
        "Robin@Voorbeeld.example",
        " robin@voorbeeld.example",
        "robin@ｖoorbeeld.example",
        "robin@voorbeeld。example",
    ],
)
def test_e11_a_mailbox_is_counted_as_one_however_it_is_typed(party: Instance, typed: str) -> None:
    assert mailbox(typed) == mailbox("robin@voorbeeld.example")
    [mail] = ask(party, typed)
    assert mail.member_id == "m-7"


def test_who_signs_in_may_ask_for_mails_anew_and_others_wait(party: Instance) -> None:
    for _ in range(4):
        attempt(party, LINK_TO_ADDRESS, mailbox("robin@voorbeeld.example"))
        attempt(party, LINK_TO_ADDRESS, mailbox("thuis@voorbeeld.example"))
    ask(party, "robin@voorbeeld.example")
    token, _ = secrets_in(mails(party)[0])
    assert not is_over(link(party, token))
    attempt(party, LINK_TO_ADDRESS, mailbox("robin@voorbeeld.example"))
    with pytest.raises(Refused, match="tried too often"):
        attempt(party, LINK_TO_ADDRESS, mailbox("thuis@voorbeeld.example"))


def test_the_mail_is_in_the_language_that_the_member_chose(party: Instance) -> None:
    with party.write() as transaction:
        set_language(transaction, "m-7", "en")
    [chosen] = ask(party, "robin@voorbeeld.example")
    assert (chosen.lang, chosen.subject) == ("en", "Your link to sign in at Voorbeeldpartij")
    [shared] = ask(party, "thuis@voorbeeld.example")
    assert shared.lang == "nl", "as the page was read"
