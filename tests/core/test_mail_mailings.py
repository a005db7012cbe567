"""A mailing reaches everybody by the channel that the law allows, once, and leaves a proof of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from mail_cases import AT, Scripted, add_member, mails
from organisation_cases import found
from sqlmodel import select

from stembus.clock import SetClock
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.merkle import leaf_hash, root_of
from stembus.ledger.record import Leaf
from stembus.ledger.tables import LedgerLeaf
from stembus.notices.audience import Everyone, Numbered, OfBranch, Seated
from stembus.notices.channels import Reach, way_to
from stembus.notices.dispatch import dispatch
from stembus.notices.drafts import (
    Draft,
    fates,
    fates_sha256,
    mailing_with,
    post_by,
    save_draft,
    send_test,
    three_people,
)
from stembus.notices.languages import set_language
from stembus.notices.letters import letters_to_post, print_run
from stembus.notices.mailing_words import Text, Texts, read_texts
from stembus.notices.mailings import decide, mark_posted, recipient_leaf, release, resend, stop, undelivered
from stembus.notices.tables import MailMessage
from stembus.notices.transport import Answer
from stembus.notices.waiting import mail_waiting
from stembus.notices.worker import work_once
from stembus.organisation.registry import member_numbered

NL = Text("Oproeping voor de ALV", "Beste {name},\n\nU bent **welkom** op 20 juni.\n\n- agenda\n- rondvraag")
EN = Text("You are called to the assembly", "Dear {name},\n\nYou are *welcome* on 20 June.")
POSTAL: dict[str, Any] = {"street": "Dorpsstraat 1", "postcode": "1234 AB", "city": "Utrecht"}


@pytest.fixture
def party(instance: Instance) -> Instance:
    """The office (001), who agreed to mail (10), who did not (11), who has none (12), and who has no address at all."""
    found(instance)
    add_member(instance, "10", email="tien@example.org", consents=True, surname="A", branch="Utrecht", **POSTAL)
    add_member(instance, "11", email="elf@example.org", surname="B", **POSTAL)
    add_member(instance, "12", surname="C", **POSTAL)
    add_member(instance, "13", surname="D")
    add_member(instance, "14", email="engels@example.org", consents=True, surname="E", branch="Utrecht", **POSTAL)
    with instance.write() as transaction:
        office = member_numbered(transaction.session, "001")
        office.email = "bureau@example.org"
        transaction.session.add(office)
        set_language(transaction, member_numbered(transaction.session, "14").id, "en")
    return instance


def draft(**changes: object) -> Draft:
    values = {
        "title": "ALV juni",
        "purpose": "statutory",
        "audience": Numbered(("10", "11", "12", "13", "14")),
        "texts": Texts(nl=NL, en=EN),
        "day": date(2026, 3, 1),
    }
    return Draft(**{**values, **changes})  # type: ignore[arg-type]


def prepared(party: Instance, **changes: object) -> str:
    with party.write() as transaction:
        mailing_id = save_draft(transaction, draft(**changes), by="001")
        send_test(transaction, mailing_id, by="001")
    return mailing_id


def released(party: Instance, **changes: object) -> str:
    mailing_id = prepared(party, **changes)
    with party.write() as transaction:
        looked = fates_sha256(fates(party, transaction.session, mailing_with(transaction.session, mailing_id)))
        release(transaction, mailing_id, by="001", ground="ALV 2025, besluit 3", looked_at=looked)
    return mailing_id


def ways(party: Instance, mailing_id: str) -> dict[str, tuple[str, str]]:
    with party.read() as session:
        return {one.number: tuple(one.way) for one in fates(party, session, mailing_with(session, mailing_id))}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("email", "consents", "is_shared", "has_postal", "bounced", "statutory", "letter", "personal"),
    [
        ("a@b.nl", True, False, True, False, "email", "email", "email"),
        ("a@b.nl", False, False, True, False, "post no_consent", "email", "email"),
        ("a@b.nl", True, True, True, False, "email", "email", "post shared"),
        ("a@b.nl", True, False, True, True, "post bounced", "post bounced", "post bounced"),
        ("", True, False, True, False, "post no_address", "post no_address", "post no_address"),
        ("not an address", True, False, True, False, "post no_address", "post no_address", "post no_address"),
        ("", False, False, False, False, "none nowhere", "none nowhere", "none nowhere"),
        ("a@b.nl", False, False, False, False, "none nowhere", "email", "email"),
    ],
)
def test_a_convocation_goes_by_mail_only_to_who_agreed_bw_2_41(  # noqa: PLR0917  (the columns of the table)
    email: str,
    consents: bool,
    is_shared: bool,
    has_postal: bool,
    bounced: bool,
    statutory: str,
    letter: str,
    personal: str,
) -> None:
    reach = Reach(email=email, consents=consents, is_shared=is_shared, has_postal=has_postal, bounced=bounced)
    for purpose, is_personal, expected in (
        ("statutory", False, statutory),
        ("letter", False, letter),
        ("letter", True, personal),
    ):
        way = way_to(reach, purpose, is_personal=is_personal)  # type: ignore[arg-type]
        assert expected in ("email", f"{way.channel} {way.reason}")
        assert way.channel == expected.split()[0]


def test_the_dry_run_says_of_each_person_how_and_why(party: Instance) -> None:
    with party.write() as transaction:
        mailing_id = save_draft(transaction, draft(), by="001")
    assert ways(party, mailing_id) == {
        "10": ("email", "consented"),
        "11": ("post", "no_consent"),
        "12": ("post", "no_address"),
        "13": ("none", "nowhere"),
        "14": ("email", "consented"),
    }
    assert mails(party) == []


@pytest.mark.parametrize(
    ("audience", "numbers"),
    [
        (Everyone(), {"001", "002", "10", "11", "12", "13", "14"}),
        (OfBranch("Utrecht"), {"10", "14"}),
        (Seated("bootstrap"), {"001", "002"}),
        (Numbered(("12",)), {"12"}),
    ],
)
def test_an_audience_is_a_rule(party: Instance, audience: object, numbers: set[str]) -> None:
    with party.write() as transaction:
        mailing_id = save_draft(transaction, draft(audience=audience), by="001")
    assert set(ways(party, mailing_id)) == numbers


def test_three_previews_are_of_three_people_who_differ(party: Instance) -> None:
    with party.write() as transaction:
        mailing_id = save_draft(transaction, draft(), by="001")
        mailing = mailing_with(transaction.session, mailing_id)
        people = three_people(fates(party, transaction.session, mailing), read_texts(mailing))
    assert [one.number for one in people] == ["10", "14", "11"]


def test_texts_that_were_not_tested_as_they_are_are_not_released(party: Instance) -> None:
    with party.write() as transaction:
        mailing_id = save_draft(transaction, draft(), by="001")
        looked = fates_sha256(fates(party, transaction.session, mailing_with(transaction.session, mailing_id)))
    with pytest.raises(Refused, match="test mail"), party.write() as transaction:
        release(transaction, mailing_id, by="001", ground="x", looked_at=looked)
    with party.write() as transaction:
        send_test(transaction, mailing_id, by="001")
        save_draft(transaction, draft(texts=Texts(nl=Text("Anders", "Anders"))), by="001", mailing_id=mailing_id)
    with pytest.raises(Refused, match="test mail"), party.write() as transaction:
        release(transaction, mailing_id, by="001", ground="x", looked_at=looked)


def test_the_test_mail_goes_to_its_author_alone_in_each_language(party: Instance) -> None:
    prepared(party)
    assert {(mail.address, mail.lang) for mail in mails(party)} == {
        ("bureau@example.org", "nl"),
        ("bureau@example.org", "en"),
    }
    assert all(mail.subject.startswith("[TEST] ") for mail in mails(party))


def test_recipients_that_changed_since_the_dry_run_are_looked_at_again(party: Instance) -> None:
    mailing_id = prepared(party, audience=Everyone())
    with party.read() as session:
        looked = fates_sha256(fates(party, session, mailing_with(session, mailing_id)))
    add_member(party, "99", **POSTAL)
    with pytest.raises(Refused, match="changed since you looked"), party.write() as transaction:
        release(transaction, mailing_id, by="001", ground="x", looked_at=looked)


def test_a_release_is_one_act_with_counts_and_a_root_that_names_nobody(party: Instance) -> None:
    mailing_id = released(party)
    with party.read() as session:
        proof = dispatch(session, mailing_id)
        row = session.get(LedgerLeaf, proof.released_by)
        assert row is not None
        leaf = msgspec.json.decode(row.leaf, type=Leaf)
    counts = {key: leaf.public[key] for key in ("recipients", "email", "post", "unreachable")}
    assert counts == {"recipients": 5, "email": 2, "post": 2, "unreachable": 1}
    assert leaf.public["text_sha256"] == Texts(nl=NL, en=EN).sha256()
    leaves = [
        leaf_hash(recipient_leaf(one.member_id, one.channel, one.address, bytes.fromhex(one.salt)))
        for one in proof.people
    ]
    assert leaf.public["recipients_root"] == root_of(leaves).hex()
    assert b"example.org" not in row.leaf


def test_each_gets_it_once_in_their_own_language(party: Instance) -> None:
    released(party)
    server = Scripted()
    while work_once(party, server).outcome == "sent":
        pass
    texts = {envelope.to: envelope.data.decode() for envelope in server.got if b"[TEST]" not in envelope.data}
    assert sorted(texts) == ["engels@example.org", "tien@example.org"]
    assert "Beste Lid A," in texts["tien@example.org"]
    assert "Dear Lid E," in texts["engels@example.org"]
    assert work_once(party, server).outcome == "nothing"


def test_a_mailing_is_released_once(party: Instance) -> None:
    mailing_id = released(party)
    with pytest.raises(Refused, match="released already"), party.write() as transaction:
        release(transaction, mailing_id, by="001", ground="x", looked_at="")
    with pytest.raises(Refused, match="released already"), party.write() as transaction:
        save_draft(transaction, draft(), by="001", mailing_id=mailing_id)


def test_e9_who_was_not_reached_is_listed_and_gets_it_another_way(party: Instance, clock: SetClock) -> None:
    mailing_id = released(party)
    server = Scripted(Answer("sent", "t"), Answer("sent", "t"), Answer("refused", "550 a"), Answer("refused", "550 b"))
    while work_once(party, server).mail_id:
        pass
    with party.read() as session:
        assert len(undelivered(session, mailing_id)) == 2
    with party.write() as transaction:
        resend(transaction, mailing_id, by="001", ground="x", corrected={"14": "nieuw@example.org"})
    assert work_once(party, server).outcome == "sent"
    assert server.got[-1].to == "nieuw@example.org"
    with party.read() as session:
        people = {one.number: one for one in dispatch(session, mailing_id).people}
        assert undelivered(session, mailing_id) == []
        assert [letter.number for letter in letters_to_post(session, mailing_id)] == ["10", "11", "12"]
    assert (people["10"].channel, people["10"].reason) == ("post", "mail_failed")
    assert [mail.state for mail in people["14"].mails] == ["failed", "sent"]
    assert people["14"].mails[0].message_id != people["14"].mails[1].message_id


def test_a_mail_that_arrived_is_not_sent_to_another_address(party: Instance) -> None:
    mailing_id = released(party)
    with pytest.raises(UnusableInput, match="did not fail"), party.write() as transaction:
        resend(transaction, mailing_id, by="001", ground="x", corrected={"10": "else@example.org"})


def test_letters_are_printed_once_each_and_posted_by_an_act(party: Instance) -> None:
    mailing_id = released(party)
    with party.read() as session:
        mailing, letters = mailing_with(session, mailing_id), letters_to_post(session, mailing_id)
    run = print_run(party, mailing, letters, AT.replace(microsecond=7))
    assert (run.letters, run.by_hand) == (2, ())
    assert run.pdf.startswith(b"%PDF")
    assert run.pdf == print_run(party, mailing, letters, AT).pdf
    assert "11;Lid B;Dorpsstraat 1, 1234 AB  UTRECHT" in run.table.decode("utf-8-sig")
    with party.write() as transaction:
        mark_posted(transaction, mailing_id, by="001", ground="postkantoor, bewijs 12")
    with party.read() as session:
        assert letters_to_post(session, mailing_id) == []
    with pytest.raises(Refused, match="no letter is left"), party.write() as transaction:
        mark_posted(transaction, mailing_id, by="001", ground="x")


def test_a_name_that_the_fonts_lack_is_told_instead_of_being_printed_wrong(party: Instance) -> None:
    add_member(party, "20", surname="王小明", **POSTAL)
    mailing_id = released(party, audience=Numbered(("20",)))
    with party.read() as session:
        run = print_run(party, mailing_with(session, mailing_id), letters_to_post(session, mailing_id), AT)
    assert run.by_hand == ("20",)


def test_a_formula_in_a_name_is_harmless_in_the_list(party: Instance) -> None:
    add_member(party, "21", given="=1+1", **POSTAL)
    mailing_id = released(party, audience=Numbered(("21",)))
    with party.read() as session:
        run = print_run(party, mailing_with(session, mailing_id), letters_to_post(session, mailing_id), AT)
    assert ";'=1+1 Nummer21;" in run.table.decode()


def test_a_mailing_that_is_stopped_sends_nothing_more(party: Instance) -> None:
    mailing_id = released(party)
    with party.write() as transaction:
        stop(transaction, mailing_id, by="001", ground="the date is wrong")
    with party.read() as session:
        states = session.exec(select(MailMessage.state).where(MailMessage.mailing_id == mailing_id)).all()
    assert set(states) == {"withdrawn"}


@pytest.mark.parametrize(
    ("due", "day"),
    [
        (datetime(2026, 6, 5, 22, tzinfo=UTC), date(2026, 6, 2)),
        (datetime(2026, 6, 5, 15, tzinfo=UTC), date(2026, 6, 2)),
    ],
)
def test_letters_are_to_be_posted_some_days_before_the_mailing_is_due(
    party: Instance, due: datetime, day: date
) -> None:
    mailing_id = prepared(party, due_at=due)
    with party.read() as session:
        assert post_by(mailing_with(session, mailing_id), party) == day


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<script>alert(1)</script>\n", None),
        ("![x](https://a.example/x.png)", None),
        ("[a](https://a.example) and [b](https://b.example)", "one link at most"),
        ("[a](javascript:alert)", None),
        ("[a](http://a.example)", "begins with https"),
        ("Dear {first_name}", "first_name"),
        ("> quoted", None),
        ("   ", "subject and something"),
    ],
)
def test_a_text_has_no_markup_but_its_own(party: Instance, body: str, said: str | None) -> None:
    changed = draft(texts=Texts(nl=Text("Onderwerp", body)))
    if said is not None:
        with pytest.raises(UnusableInput, match=said), party.write() as transaction:
            save_draft(transaction, changed, by="001")
        return
    from stembus.notices.mailing_words import words_for

    html = words_for(party, changed.texts, "nl", {"name": "x", "number": "1"}).html
    assert "<script>" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_a_name_with_markup_stays_a_name(party: Instance) -> None:
    from stembus.notices.mailing_words import words_for

    words = words_for(party, Texts(nl=NL), "nl", {"name": "[x](https://evil.example) <b>", "number": "1"})
    assert "href" not in words.html
    assert "&lt;b&gt;" in words.html


def test_nobody_without_the_power_writes_to_members(party: Instance) -> None:
    with pytest.raises(Refused, match="holds no seat today"), party.write() as transaction:
        save_draft(transaction, draft(), by="10")
    mailing_id = prepared(party)
    for attempt in (release, stop, mark_posted, resend):
        extra = {"looked_at": ""} if attempt is release else {}
        with pytest.raises(Refused, match="holds no seat today"), party.write() as transaction:
            attempt(transaction, mailing_id, by="10", ground="x", **extra)


def test_an_address_that_works_again_is_written_to_again(party: Instance, clock: SetClock) -> None:
    first = released(party, audience=Numbered(("10",)))
    server = Scripted(Answer("sent", "t"), Answer("sent", "t"), Answer("refused", "552 mailbox full"))
    while work_once(party, server).mail_id:
        clock.set(clock.now() + timedelta(seconds=1))
    assert ways(party, first)["10"] == ("post", "bounced")


def waits(party: Instance, clock: SetClock) -> list[tuple[str, int, datetime | None]]:
    """What of mail stands on the desk: the first word of each, how many, and by when."""
    with party.read() as session:
        found = list(mail_waiting(party, session, clock.now()))
    assert {item.powers for item in found} <= {("mail.send",)}
    return [(item.title.split()[0], item.values["count"], item.due) for item in found]


def test_what_of_a_mailing_waits_for_somebody_is_on_the_desk_until_it_is_done(party: Instance, clock: SetClock) -> None:
    due = datetime(2026, 3, 31, 22, tzinfo=UTC)  # 24:00 in Amsterdam, so letters are posted on 28 March at the latest
    mailing_id = released(party, due_at=due)
    posted_by = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert waits(party, clock) == [("Print", 2, posted_by)]
    server = Scripted(Answer("sent", "t"), Answer("sent", "t"), Answer("refused", "550 a"), Answer("unknown", "broke"))
    while work_once(party, server).mail_id:
        pass
    assert waits(party, clock) == [("Decide", 1, None), ("Send", 1, None), ("Print", 2, posted_by)]
    with party.write() as transaction:
        [doubtful] = [mail.id for mail in mails(party) if mail.state == "uncertain"]
        decide(transaction, doubtful, again=False, by="001", ground="the member has it")
        resend(transaction, mailing_id, by="001", ground="x")
        mark_posted(transaction, mailing_id, by="001", ground="receipt 9")
    assert waits(party, clock) == []


@pytest.mark.parametrize(("later", "waiting"), [(timedelta(days=59), 1), (timedelta(days=60), 0)])
def test_a_mailing_stands_on_the_desk_for_two_months_and_not_once_it_is_stopped(
    party: Instance, clock: SetClock, later: timedelta, waiting: int
) -> None:
    mailing_id = released(party)
    with party.write() as transaction:
        at = mailing_with(transaction.session, mailing_id).released_at
    assert at is not None
    clock.set(at + later)
    assert len(waits(party, clock)) == waiting
    with party.write() as transaction:
        stop(transaction, mailing_id, by="001", ground="the date is wrong")
    assert waits(party, clock) == []
