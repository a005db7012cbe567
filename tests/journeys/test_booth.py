"""Members vote in the booth: with the mouse, with the keyboard alone, on a telephone; and what they are told."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from booth_voters import LONG, Enter, Open, Voter, opened, serving, voters_of
from browsing import DESK, Visits
from keyboard import Keyboard
from playwright.sync_api import Browser, Dialog, Route, expect
from readable import hindrances
from secret_poll_party import AFTER, BY_APPROVAL, CANDIDATES, CLOSES, IN_ROUNDS, NAME, ON_EACH_PERSON
from sqlmodel import select

from stembus.web.cookies import LANG, SESSION
from stembus.words import Lang
from stembus_ballots.protocol.typed_credential import new_credential, shown
from stembus_polls.secret.tables import Cast, SealedBallot

ADA, BEN, CAS, DEE, ELI = range(5)


@pytest.fixture(scope="module")
def served_poll(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A ranked poll with voters for every journey here."""
    with serving(tmp_path_factory.mktemp("ranked"), voters=30) as poll:
        yield poll


@pytest.fixture(scope="module")
def served_question(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A poll for or against two candidates together."""
    with serving(tmp_path_factory.mktemp("counted"), voters=12, candidates=CANDIDATES[:2]) as poll:
        yield poll


@pytest.fixture(scope="module")
def served_approval(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A poll by approval, with at most three choices."""
    at_most = {"minimum_choices = 1": "minimum_choices = 1\nmaximum_choices = 3"}
    with serving(tmp_path_factory.mktemp("approval"), voters=12, changes=BY_APPROVAL | at_most) as poll:
        yield poll


@pytest.fixture(scope="module")
def served_persons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A poll for or against each of five persons."""
    with serving(tmp_path_factory.mktemp("persons"), voters=12, changes=ON_EACH_PERSON) as poll:
        yield poll


@pytest.fixture(scope="module")
def served_rounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A poll on one seat, in rounds that are counted from one ranking."""
    with serving(tmp_path_factory.mktemp("rounds"), voters=12, changes=IN_ROUNDS) as poll:
        yield poll


@pytest.fixture
def voter(chromium: Browser, served_poll: Open) -> Iterator[Enter]:
    """Gives the next member of the ranked poll a browser."""
    yield from voters_of(chromium, served_poll)


@pytest.fixture
def counted_voter(chromium: Browser, served_question: Open) -> Iterator[Enter]:
    """Gives the next member of the poll for or against a browser."""
    yield from voters_of(chromium, served_question)


@pytest.fixture
def approving_voter(chromium: Browser, served_approval: Open) -> Iterator[Enter]:
    """Gives the next member of the poll by approval a browser."""
    yield from voters_of(chromium, served_approval)


@pytest.fixture
def voter_in_rounds(chromium: Browser, served_rounds: Open) -> Iterator[Enter]:
    """Gives the next member of the poll in rounds a browser."""
    yield from voters_of(chromium, served_rounds)


@pytest.fixture
def voter_on_each(chromium: Browser, served_persons: Open) -> Iterator[Enter]:
    """Gives the next member of the poll on each person a browser."""
    yield from voters_of(chromium, served_persons)


def kept(voter: Voter, tracker: str) -> SealedBallot:
    """The ballot that the server keeps under a tracker."""
    with voter.party.instance.read() as session:
        return session.exec(select(SealedBallot).where(SealedBallot.tracker == tracker)).one()


def values(*order: int) -> list[list[int]]:
    """The numbers of a ranking."""
    return [[order.index(candidate) + 1 if candidate in order else 0 for candidate in range(len(CANDIDATES))]]


def test_a_member_votes_on_a_telephone_with_the_keyboard_alone(voter: Enter) -> None:
    one = voter()
    one.enter(lang="nl")
    page, keys = one.page, Keyboard(one)
    expect(page.get_by_text("U hebt nog niet gestemd. Stap 1 van 3.")).to_be_visible()
    expect(page.get_by_text(f"Lid {one.number}")).to_be_visible()
    expect(page.get_by_text("zaterdag 20 juni 2026 om 14:00 uur")).to_be_visible()
    assert page.url == f"{one.booth}/", "what the link brought stays in the address"
    keys.write(page.get_by_label("Uw stemcode"), shown(one.party.codes[one.number]).lower().replace("0", "o"))
    expect(page.get_by_text("Deze code is goed getypt.")).to_be_visible()
    keys.press(page.get_by_role("button", name="Begin met stemmen"))
    expect(page.get_by_role("heading", name="Uw keuze")).to_be_focused()
    keys.press(page.get_by_role("button", name="Naar het nakijken"))
    expect(page.get_by_text("U hebt nog niets gekozen. Kies, of stem met opzet blanco.")).to_be_visible()
    for name in ("Cas van Dijk", "Ada Smit", "Eli Mulder"):
        keys.press(page.get_by_role("button", name=f"Zet in uw volgorde: {name}"))
    expect(page.locator("#said")).to_have_text("Eli Mulder staat op 3.")
    keys.press(page.get_by_role("button", name="Eli Mulder omhoog"))
    expect(page.locator("#said")).to_have_text("Eli Mulder staat nu op 2.")
    expect(page.get_by_role("button", name="Eli Mulder omhoog")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("#said")).to_have_text("Eli Mulder staat nu op 1.")
    keys.press(page.get_by_role("button", name="Ada Smit eruit"))
    keys.press(page.get_by_role("button", name="Naar het nakijken"))
    expect(page.get_by_role("heading", name="Klopt dit?")).to_be_focused()
    assert page.locator(".said li").all_inner_texts() == ["Eli Mulder", "Cas van Dijk"]
    expect(page.get_by_text("U laat 3 personen weg.")).to_be_visible()
    keys.press(page.get_by_role("button", name="Breng mijn stem uit"))
    expect(page.get_by_role("heading", name="Uw stem is uitgebracht")).to_be_focused(timeout=LONG)
    expect(page.get_by_text("U bent klaar. U kunt deze pagina sluiten.")).to_be_visible()
    assert kept(one, one.tracker()).ballot == one.ballot()
    assert opened(one.party, one.ballot()) == values(ELI, CAS)


def test_a_member_votes_with_the_mouse_and_drags_somebody_to_the_top(voter: Enter) -> None:
    one = voter(viewport={"width": DESK["width"], "height": DESK["height"]})
    one.enter(lang="en")
    one.sign()
    page = one.page
    for candidate in (ADA, BEN, CAS):
        page.click(f"[data-key=in-{candidate}]")
    grip, top = page.locator(".row .grip").nth(2), page.locator(".row").first
    grip.hover()
    page.mouse.down()
    box = top.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 30, steps=5)
    page.mouse.move(box["x"] + 20, box["y"] - 10, steps=5)
    page.mouse.up()
    expect(page.locator("#said")).to_have_text("Cas van Dijk is now at place 1.")
    assert page.locator(".row .name").all_inner_texts() == ["Cas van Dijk", "Ada Smit", "Ben Jansen"]
    one.look()
    expect(page.get_by_text("You leave 2 people out.")).to_be_visible()
    page.get_by_role("button", name="Change my choice").click()
    assert page.locator(".row .name").all_inner_texts() == ["Cas van Dijk", "Ada Smit", "Ben Jansen"]
    one.look()
    one.cast()
    assert opened(one.party, one.ballot()) == values(CAS, ADA, BEN)


def test_who_votes_in_rounds_reads_that_they_vote_once(voter_in_rounds: Enter) -> None:
    one = voter_in_rounds()
    one.enter(lang="nl_simple")
    one.sign()
    page = one.page
    expect(page.get_by_text("U stemt maar één keer. Valt uw keuze af? Dan telt uw volgende keuze.")).to_be_visible()
    for candidate in (BEN, ADA):
        page.click(f"[data-key=in-{candidate}]")
    page.get_by_role("button", name="Verder: kijk uw keuze na").click()
    assert page.locator(".said li").all_inner_texts() == ["Ben Jansen", "Ada Smit"]


def test_a_member_votes_blank_on_purpose_in_easy_dutch(voter: Enter) -> None:
    one = voter()
    one.enter(lang="nl_simple", credential=one.party.codes[one.number])
    page = one.page
    expect(page.get_by_text("U hoeft niets te typen.")).to_be_visible()
    assert "Uw keuze gaat op slot" in page.inner_text("main")
    page.get_by_role("button", name="Begin met stemmen").click()
    page.get_by_label("Ik stem blanco").check()
    one.look()
    expect(page.get_by_text("U stemt blanco: voor niemand en niets.")).to_be_visible()
    one.cast()
    expect(page.get_by_role("heading", name="U hebt gestemd")).to_be_visible()
    assert opened(one.party, one.ballot()) == values()


@pytest.mark.parametrize(("choice", "vote"), [("For", [0, 1, 0]), ("Against", [0, 0, 1]), ("I vote blank", [1, 0, 0])])
def test_a_member_votes_for_against_or_blank(counted_voter: Enter, choice: str, vote: list[int]) -> None:
    one = counted_voter()
    one.enter(lang="en")
    one.sign()
    keys = Keyboard(one)
    keys.choose(one.page.get_by_label(choice))
    one.look()
    assert {"For": "For", "Against": "Against"}.get(choice, "You vote blank") in one.page.inner_text(".vote")
    one.cast()
    assert opened(one.party, one.ballot()) == [vote]


def test_a_member_chooses_several_in_no_order_and_is_told_of_too_many(approving_voter: Enter) -> None:
    one = approving_voter()
    one.enter(lang="nl_simple")
    one.sign()
    page, keys = one.page, Keyboard(one)
    expect(page.get_by_text("Kies er 3. U mag ook minder kiezen.")).to_be_visible()
    for name in ("Eli Mulder", "Ada Smit", "Cas van Dijk", "Ben Jansen"):
        keys.tick(page.get_by_label(name))
    expect(page.locator("#said")).to_have_text("4 gekozen, hoogstens 3.")
    keys.press(page.get_by_role("button", name="Verder: kijk uw keuze na"))
    expect(page.get_by_text("Kies er hoogstens 3; u koos er 4.")).to_be_visible()
    keys.tick(page.get_by_label("Cas van Dijk"))
    one.look()
    assert page.locator(".said li").all_inner_texts() == ["Ada Smit", "Ben Jansen", "Eli Mulder"]
    one.cast()
    assert opened(one.party, one.ballot()) == [[0, 1, 1, 0, 0, 1]]


BLANK, YES, NO = [1, 0, 0], [0, 1, 0], [0, 0, 1]


def test_a_member_votes_on_each_person_with_the_keyboard_alone(voter_on_each: Enter) -> None:
    one = voter_on_each()
    one.enter(lang="nl_simple")
    page, keys = one.page, Keyboard(one)
    expect(page.get_by_text("U stemt over 5 personen. Over elke persoon zegt u voor of tegen:")).to_be_visible()
    one.sign()
    expect(page.get_by_text("Kies bij elke naam: voor, tegen of blanco.")).to_be_visible()
    for name, choice in (
        ("Ada Smit", "Voor"),
        ("Ben Jansen", "Tegen"),
        ("Cas van Dijk", "Blanco"),
        ("Dee Visser", "Voor"),
    ):
        keys.choose(page.get_by_role("group", name=name).get_by_label(choice))
    expect(page.locator("#chosen")).to_have_text("U koos bij 4 van de 5 personen.")
    keys.press(page.get_by_role("button", name="Verder: kijk uw keuze na"))
    expect(page.locator("#problems")).to_be_focused()
    assert page.locator("#problems a").all_inner_texts() == ["Eli Mulder"]
    keys.press(page.locator("#problems a"))
    page.keyboard.press("ArrowRight")  # from for, where the link leads, to against
    keys.press(page.get_by_role("button", name="Verder: kijk uw keuze na"))
    expect(page.get_by_role("heading", name="Klopt dit?")).to_be_focused()
    said = zip(page.locator(".said dt").all_inner_texts(), page.locator(".said dd").all_inner_texts(), strict=True)
    assert list(said) == list(zip(CANDIDATES, ("Voor", "Tegen", "Blanco", "Voor", "Tegen"), strict=True))
    keys.press(page.get_by_role("button", name="Breng mijn stem uit"))
    expect(page.get_by_role("heading", name="U hebt gestemd")).to_be_focused(timeout=LONG)
    assert opened(one.party, one.ballot()) == [YES, NO, BLANK, YES, NO]


def test_who_knows_one_of_the_persons_is_blank_on_the_others_at_once_and_can_change_it(voter_on_each: Enter) -> None:
    one = voter_on_each(viewport={"width": DESK["width"], "height": DESK["height"]})
    one.enter(lang="en")
    one.sign()
    page = one.page
    page.get_by_role("group", name="Ada Smit").get_by_label("For").check()
    page.get_by_role("button", name="Go on to review").click()
    expect(page.locator("#problems").get_by_text("You chose for 1 of 5 persons.")).to_be_visible()
    page.get_by_role("button", name="Vote blank on those left empty").click()
    assert page.locator(".said dd").all_inner_texts() == ["For", "Blank", "Blank", "Blank", "Blank"]
    page.get_by_role("button", name="Change my choice").click()
    page.get_by_role("group", name="Dee Visser").get_by_label("Against").check()
    one.look()
    one.cast()
    assert opened(one.party, one.ballot()) == [YES, BLANK, BLANK, NO, BLANK]


def test_b12_whatever_is_said_of_the_persons_is_as_long_on_the_way_to_the_server(voter_on_each: Enter) -> None:
    lengths = set()
    for choice in ("Voor", "Tegen", "Blanco"):
        one = voter_on_each()
        one.enter()
        one.sign()
        for name in CANDIDATES:
            one.page.get_by_role("group", name=name).get_by_label(choice).check()
        one.look()
        one.cast()
        [request] = one.casts()
        lengths.add(len(request.post_data_buffer or b""))
    assert len(lengths) == 1, lengths


def test_the_checker_shows_what_a_trial_vote_says_of_each_person(voter_on_each: Enter) -> None:
    one = voter_on_each()
    one.enter(lang="en")
    one.sign()
    for name, choice in zip(CANDIDATES, ("For", "Against", "Blank", "For", "Against"), strict=True):
        one.page.get_by_role("group", name=name).get_by_label(choice).check()
    one.look()
    code = one.commitment()
    checker = one.context.new_page()
    one.watch(checker)
    checker.goto(f"{one.site.address}/polls/{one.party.uuid}/check")
    checker.get_by_role("button", name="English").click()
    checker.get_by_label("The check code").fill(code)
    checker.get_by_role("button", name="Go on").click()
    checker.get_by_label("Or paste the text from the booth here").fill(one.open_it())
    checker.locator("form button[type=submit]").first.click()
    expect(checker.get_by_role("heading", name="The vote on each person")).to_be_visible(timeout=LONG)
    assert checker.locator(".said dd").all_inner_texts() == ["For", "Against", "Blank", "For", "Against"]
    assert hindrances(checker) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_w12_axe_finds_nothing_where_each_person_is_voted_on(voter_on_each: Enter, theme: str) -> None:
    one = voter_on_each(color_scheme=theme, viewport={"width": 320, "height": 640})
    one.enter(lang="nl")
    one.sign()
    for selector in ("form button[type=submit]", "#problems button"):
        one.page.click(selector)
        assert hindrances(one.page) == []


def test_b12_every_choice_is_as_long_on_the_way_to_the_server(voter: Enter) -> None:
    lengths = set()
    for order in ((), (DEE,), (ADA, BEN, CAS, DEE, ELI)):
        one = voter()
        one.enter()
        one.sign()
        if order:
            one.rank(order)
        else:
            one.page.get_by_label("Ik stem blanco").check()
            one.look()
        one.cast()
        [request] = one.casts()
        lengths.add((len(request.post_data_buffer or b""), request.all_headers()["content-length"]))
    assert len(lengths) == 1, lengths


def test_s7_of_the_choice_nothing_is_left_in_address_title_history_storage_or_receipt(voter: Enter) -> None:
    one = voter()
    one.enter(lang="en")
    titles = [one.page.title()]
    one.sign()
    titles.append(one.page.title())
    one.rank((BEN, DEE))
    titles.append(one.page.title())
    tracker = one.cast()
    titles.append(one.page.title())
    page = one.page
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save the receipt").click()
    receipt = waiting.value.path().read_text(encoding="utf-8")
    left = page.evaluate(
        """async () => [location.href, history.length, history.state, document.cookie, localStorage.length,
        sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]"""
    )
    assert left == [f"{one.booth}/", 2, None, "", 0, 0, 0, 0]
    assert tracker in receipt
    said = " ".join([*titles, receipt, page.content(), *(request.url for request in one.sent)])
    main = page.inner_text("main")
    for word in (*CANDIDATES, one.party.codes[one.number]):
        assert word not in receipt
        assert word not in main
        assert word not in " ".join(titles), "a title says what was chosen"
    assert json.loads(one.ballot())["credential"] not in said
    assert {request.url.partition("/api")[0].rstrip("/") for request in one.sent} <= {
        one.booth,
        f"blob:{one.booth}",
    } | {request.url for request in one.sent if request.url.startswith(("blob:", "data:"))}


def test_v10_the_fingerprint_in_the_booth_is_that_of_the_record_on_the_board(voter: Enter) -> None:
    one = voter()
    one.enter(lang="en")
    one.page.click("#more-fingerprint summary")
    assert one.page.inner_text("#fingerprint") == one.party.election.fingerprint
    election = one.page.request.get(f"{one.site.address}/polls/{one.party.uuid}/election.json").text()
    assert [name for name in CANDIDATES if name not in election] == []


def test_a_wrong_code_is_told_where_it_was_typed_and_another_one_helps(voter: Enter) -> None:
    one = voter()
    one.enter(lang="en")
    page = one.page
    right = one.party.codes[one.number]
    page.fill("#code", right[:-1] + ("A" if right[-1] != "A" else "B"))
    expect(page.get_by_text("This code has a typing mistake.")).to_be_visible()
    page.fill("#code", "U" + right[1:])
    expect(page.get_by_text("The character “U” is in no voting code.")).to_be_visible()
    page.fill("#code", new_credential(one.party.dice))
    page.press("#code", "Enter")
    expect(page.get_by_text("This code does not belong to this poll.")).to_be_visible(timeout=LONG)
    expect(page.locator("#code")).to_be_focused()
    page.fill("#code", one.party.spare[0])
    page.press("#code", "Enter")
    expect(page.get_by_text("This code was made as a spare.")).to_be_visible(timeout=LONG)
    one.sign()


def test_r8_when_the_network_is_cut_after_the_server_kept_the_ballot_the_same_one_is_sent_again(voter: Enter) -> None:
    one = voter()
    one.enter(lang="en")
    one.sign()
    one.rank((CAS,))
    cuts = iter([True])

    def cut(route: Route) -> None:
        if next(cuts, False):
            route.fetch()  # the server has it, and nobody hears that
            route.abort()
        else:
            route.continue_()

    one.page.route("**/api/casts", cut)
    one.page.click(".actions .button >> nth=0")
    expect(one.page.get_by_text("the same vote is sent again by itself, and never counts twice")).to_be_visible()
    one.page.get_by_role("button", name="Try now").click()
    tracker = one.tracker()
    first, second = (request.post_data for request in one.casts()[-2:])
    assert first == second
    with one.party.instance.read() as session:
        mine = session.exec(select(Cast).where(Cast.member_id == f"m{one.number}")).all()
    assert len(mine) == 1
    assert kept(one, tracker).ballot == one.ballot()


def test_nobody_stops_one_step_early_without_being_told(voter: Enter) -> None:
    one = voter()
    one.enter(lang="en")
    one.sign()
    one.page.click("[data-key=in-0]")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    one.page.on("dialog", stay)
    one.page.close(run_before_unload=True)
    one.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    one.look()
    one.cast()
    one.page.close(run_before_unload=True)
    assert asked == ["beforeunload"], "who is done may go"


def test_what_cannot_be_done_is_said_with_what_to_do(voter: Enter) -> None:
    one = voter()
    one.page.goto(f"{one.booth}/")
    expect(one.page.get_by_text("Dit stemhokje opent alleen vanaf de pagina van een stemming.")).to_be_visible()
    one.enter(lang="en")
    expect(one.page.locator("#code")).to_be_visible()
    one.page.reload()
    expect(one.page.get_by_role("heading", name="U kunt hier niet beginnen")).to_be_visible()
    one.enter(lang="en")
    one.sign()
    one.rank((ADA,))
    one.party.clock.set(AFTER)
    one.page.click(".actions .button >> nth=0")
    expect(one.page.get_by_role("heading", name="It took too long")).to_be_visible(timeout=LONG)
    one.party.clock.set(CLOSES)
    expect(one.page.get_by_role("link", name="To the page of this poll")).to_have_attribute(
        "href", f"{one.site.address}/procedures/raad"
    )


def test_w4_a_script_that_somebody_puts_into_the_page_does_not_run(voter: Enter) -> None:
    one = voter()
    one.enter(lang="en")
    expect(one.page.locator("#code")).to_be_visible()
    one.page.evaluate(
        """() => { const script = document.createElement('script');
        try { script.text = 'window.wasHere = true'; } catch { /* trusted types */ }
        document.body.append(script);
        const picture = '<img src=x onerror="window.wasHere = true">';
        try { document.body.insertAdjacentHTML('beforeend', picture); } catch { /* trusted types */ } }"""
    )
    one.page.wait_for_timeout(200)
    assert one.page.evaluate("window.wasHere") is None
    one.faults.clear()  # what the browser says of the attempt


@pytest.mark.parametrize("lang", ["nl", "nl_simple", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_w12_axe_finds_nothing_on_any_screen_of_the_booth(voter: Enter, lang: str, theme: str) -> None:
    one = voter(color_scheme=theme)
    found: list[str] = []

    def look_with_axe(screen: str) -> None:
        found.extend(f"{screen}: {hindrance}" for hindrance in hindrances(one.page))

    one.enter(lang=lang)
    expect(one.page.locator("#code")).to_be_visible()
    one.page.click("#more-fingerprint summary")
    look_with_axe("welcome")
    one.page.press("#code", "Enter")
    look_with_axe("no code")
    one.sign()
    one.page.click("form button[type=submit]")
    look_with_axe("nothing chosen")
    one.rank((BEN, ADA, ELI))
    look_with_axe("review")
    one.page.get_by_role("button").filter(has_text={"en": "Change"}.get(lang, "Verander")).click()
    look_with_axe("choice")
    one.look()
    one.commitment()
    look_with_axe("check")
    one.open_it()
    look_with_axe("opening")
    one.page.click(".actions .button >> nth=-1")
    one.page.route("**/api/casts", lambda route: route.abort())
    one.page.click(".actions .button >> nth=0")
    expect(one.page.locator("#hurry")).to_be_visible()
    look_with_axe("no connection")
    one.page.unroute("**/api/casts")
    one.page.click("#hurry")
    one.tracker()
    look_with_axe("done")
    assert found == []


@pytest.mark.parametrize("lang", ["nl", "nl-simple", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_w12_axe_finds_nothing_on_the_pages_about_the_box(
    chromium: Browser, voter: Enter, lang: Lang, theme: str
) -> None:
    one = voter(color_scheme=theme)
    visits = Visits(chromium, one.site)
    page = visits(one.number, lang=lang, theme=theme).page
    found: list[str] = []
    for place in ("", "?tracker=x&", "/trustees", "/mine"):
        page.goto(f"{one.site.address}/polls/{one.party.uuid}{place}{'' if '?' in place else '?'}lang={lang}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.url.startswith(f"{one.site.address}/polls/"), "it leads elsewhere"
        found.extend(f"{place}: {hindrance}" for hindrance in hindrances(page))
    visits.close()
    assert found == []


@pytest.mark.parametrize("clock", [datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)])
def test_d3_a_device_whose_clock_is_years_off_votes_all_the_same(voter: Enter, clock: datetime) -> None:
    one = voter()
    one.page.clock.set_fixed_time(clock)
    one.enter(lang="nl")
    one.sign()
    one.rank([ADA])
    tracker = one.cast()
    assert one.page.evaluate("new Date().getFullYear()") == clock.year
    assert kept(one, tracker).ballot == one.ballot()


def test_a_member_goes_from_the_vote_button_through_the_booth_to_is_my_vote_there(
    voter: Enter, served_poll: Open
) -> None:
    one = voter()
    site, page = served_poll.site, one.page
    secure = site.address.replace("http://", "https://")
    for name, value in ((SESSION, site.secret_of(one.number)), (LANG, "nl-simple")):
        one.context.add_cookies(
            [{"name": name, "value": value, "url": secure, "secure": True, "httpOnly": True, "sameSite": "Lax"}]
        )
    page.goto(f"{site.address}/procedures/{NAME}")
    page.get_by_role("link", name="Heeft niemand in mijn naam gestemd?").click()
    expect(page.get_by_text("Niemand stemde tot nu toe in uw naam.")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Stemmen", exact=True).click()
    page.get_by_role("link", name="Naar het stemhokje").click()
    expect(page.get_by_text("U hebt nog niet gestemd.").first).to_be_visible()
    one.sign()
    one.rank([BEN, ADA])
    tracker = one.cast()
    page.locator("a.button", has_text="Naar de pagina van deze stemming").click()
    page.get_by_role("link", name="Is mijn stem er?").click()
    expect(page.get_by_text("Wij hebben uw stem.")).to_be_visible()
    expect(page.get_by_text(tracker, exact=True)).to_be_visible()
    with page.expect_download() as promised:
        page.get_by_role("link", name="Bewaar wat wij beloofden").click()
    assert tracker in promised.value.path().read_text()
    assert hindrances(page) == []
