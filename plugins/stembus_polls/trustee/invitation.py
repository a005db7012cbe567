"""The invitation of a trustee: one line to copy, which says where the server is and works once."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from stembus.errors import UnusableInput

FORM = re.compile(r"(?P<number>[1-9][0-9]?)\.(?P<secret>[A-Za-z0-9_-]{43})", re.ASCII)
PATH = re.compile(r"/polls/(?P<uuid>[1-9A-HJ-NP-Za-km-z]{14,64})/trustees", re.ASCII)


class Invitation(NamedTuple):
    """Where the server is, which poll and which trustee, and the secret that begins it."""

    server: str
    uuid: str
    number: int
    secret: str

    def __str__(self) -> str:
        """The line to copy. It is also an address, of the public page about the trustees of the poll."""
        return f"{self.server}/polls/{self.uuid}/trustees#{self.number}.{self.secret}"


def read_invitation(text: str) -> Invitation:
    """The invitation in a line. Raises `UnusableInput` where it is none; http is for this machine only."""
    address = urlsplit(text.strip())
    path, code = PATH.fullmatch(address.path), FORM.fullmatch(address.fragment)
    local = address.hostname in ("localhost", "127.0.0.1")
    if path is None or code is None or address.scheme not in ("https", *(["http"] * local)) or not address.hostname:
        raise UnusableInput(
            "This is not an invitation for a trustee. Copy the whole line from the mail or the letter: it begins with "
            "https:// and has a # in it.",
            field="invitation",
        )
    return Invitation(f"{address.scheme}://{address.netloc}", path["uuid"], int(code["number"]), code["secret"])
