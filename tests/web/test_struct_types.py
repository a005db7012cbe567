"""Two visitors at the same moment after a start do not end the process."""

import subprocess
import sys

LEARNT = """
import sys
from contextlib import suppress
import msgspec
import stembus.web.app, stembus_polls.plugin, stembus_party_council.plugin
from stembus.web.struct_types import _below, learn_structs

def learning():
    called = []
    for kind in list(_below(msgspec.Struct)):
        asked = []
        sys.setprofile(lambda frame, event, _: asked.append(frame.f_code.co_name))
        with suppress(TypeError, NameError):
            msgspec.json.Decoder(kind)
            called += [kind.__name__] if "get_class_annotations" in asked else []
        sys.setprofile(None)
    return called

if sys.argv[1:]:
    learn_structs()
print(len(learning()))
"""


def learnt_again(*arguments: str) -> int:
    """Return how many Structs msgspec still has to learn in a new process; with any argument, after learning them."""
    process = [sys.executable, "-c", LEARNT, *arguments]
    return int(subprocess.run(process, capture_output=True, text=True, check=True).stdout)


def test_every_struct_is_learnt_before_there_are_threads() -> None:
    assert learnt_again() > 100
    assert learnt_again("learnt") == 0
