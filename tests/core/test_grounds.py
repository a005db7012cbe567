"""The ground of an act as it is read: what people wrote stays, what the software wrote is told in each language."""

import pytest

from stembus.act_kinds import all_act_kinds
from stembus.ledger.acts import Act
from stembus.ledger.sentences import Language, ground_said
from stembus.plugins import Plugins


@pytest.mark.parametrize(
    ("kind", "recorded", "language", "said"),
    [
        (
            "count.made",
            "All 312 papers were typed twice, every difference was ruled on.",
            "nl",
            "Alle 312 stembiljetten zijn twee keer overgetypt, en over elk verschil is beslist.",
        ),
        ("count.made", "All 312 papers were typed twice, every difference was ruled on.", "en", None),
        ("count.made", "Nobody stood against them.", "nl", None),
        (
            "council.called",
            "partijraad 1: seating.not_accepted",
            "nl",
            "partijraad 1, de regel voor een plaats die niemand aanvaardt (seating.not_accepted)",
        ),
        ("trustee.began", "trustee of the secret poll", "nl", "sleutelbewaarder van de geheime stemming"),
        (
            "members.imported",
            "ledenadministratie, stand van 2026-03-01",
            "en",
            "membership administration, as of 1 March 2026",
        ),
        # what people typed is never taken for what the software wrote about something else
        ("seat.ended", "All 312 papers were typed twice, every difference was ruled on.", "nl", None),
        ("count.made", "All {papers} papers (312) were typed twice.", "nl", None),
        ("of.nothing_installed", "trustee of the secret poll", "nl", None),
    ],
)
def test_what_the_software_wrote_is_told_in_the_language_of_the_reader(
    kind: str, recorded: str, language: Language, said: str | None
) -> None:
    act = Act(kind=kind, by=(), ground=recorded)
    kinds = all_act_kinds(Plugins.discover())
    assert ground_said(act, kinds, language) == (recorded if said is None else said)
    assert act.ground == recorded


def test_each_ground_is_recognised_in_both_languages_and_has_the_same_places() -> None:
    for kind in all_act_kinds(Plugins.discover()).values():
        for words in kind.grounds:
            for recorded in (words.nl, words.en):
                act = Act(kind=kind.name, by=(), ground=recorded)
                assert ground_said(act, {kind.name: kind}, "nl") == words.nl
                assert ground_said(act, {kind.name: kind}, "en") == words.en
