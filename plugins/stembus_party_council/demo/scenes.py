"""The election of the party council of the Voorbeeldpartij, scene by scene, with the commands of each."""

from collections.abc import Generator

from stembus_party_council.demo.scenes_after import after_the_vote
from stembus_party_council.demo.scenes_before import before_the_vote
from stembus_party_council.demo.scenes_online import the_online_vote
from stembus_party_council.demo.scenes_vote import the_vote
from stembus_party_council.demo.script import Scene
from stembus_party_council.demo.setting import Setting

SCENES = 32
"""About how many there are: an election on paper has fewer, and a recount comes only where the votes ask for it."""


def scenes(setting: Setting) -> Generator[Scene, None, None]:
    """Give the scenes in order. Each is made when the one before it was played, from what it left behind.

    Close them where not all are played: the pages are served beside some.
    """
    setting.inputs.mkdir()
    setting.results.mkdir()
    yield from before_the_vote(setting)
    yield from the_online_vote(setting) if setting.online else the_vote(setting)
    yield from after_the_vote(setting)
