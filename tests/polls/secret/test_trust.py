"""The page of a secret poll says in plain words what a voter relies on."""

import pytest

from stembus_polls.secret.trust import Part, Parts, what_to_trust


def parts(
    *together: Part, credentials_by: str = "letter", sides: str = "", administrators: tuple[str, ...] = ()
) -> str:
    said = what_to_trust(
        Parts(
            trustees=("Anna Bakker", "Bo de Vries", "Cas van Dijk"),
            threshold=2,
            authority="Dee Visser",
            credentials_by="mail" if credentials_by == "mail" else "letter",
            together=together,
            sides=sides,
            administrators=administrators,
        )
    )
    return " ".join(map(str, said))


def test_a_voter_reads_who_could_open_votes_and_who_could_vote_for_others() -> None:
    said = parts()
    assert "Any 2 of these 3 trustees together could open every vote: Anna Bakker, Bo de Vries, Cas van Dijk." in said
    assert "Dee Visser makes the voting codes. Together with the server" in said
    assert "one machine" not in said
    assert "mailbox" not in said


def test_from_which_sides_trustees_come_and_who_runs_the_server_is_said_and_so_is_that_nobody_stated_it() -> None:
    said = parts(sides="list A, list B and members of neither", administrators=("Eli Mulder", "Fee Bos"))
    assert "The trustees come from different sides: list A, list B and members of neither." in said
    assert "The server is run by Eli Mulder, Fee Bos." in said
    assert "Nobody stated" not in said
    unsaid = parts()
    assert "Nobody stated that the trustees come from different sides." in unsaid
    assert "Nobody stated who runs the server." in unsaid


def test_codes_that_come_by_mail_are_called_what_they_are() -> None:
    assert "whoever reads your mailbox could vote for you" in parts(credentials_by="mail")


@pytest.mark.parametrize(
    ("together", "said"),
    [
        (("server", "authority", "trustee"), "could see who voted what"),
        (("server", "trustee"), "could see who voted what"),
        (("server", "authority"), "could vote for members who do not vote"),
        (("authority", "trustee"), "knows whose code is whose"),
    ],
)
def test_one_machine_that_plays_several_parts_is_said_first(together: tuple[Part, ...], said: str) -> None:
    text = parts(*together)
    assert text.startswith("In this poll one machine plays several parts: ")
    assert said in text
