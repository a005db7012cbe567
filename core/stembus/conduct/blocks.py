"""What keeps a procedure from going on."""

import msgspec


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a procedure cannot go on, and who can take it away.

    `code` is stable and made for programs; `nl` and `en` are one sentence each; `owner` is a body or seat.
    """

    code: str
    nl: str
    en: str
    owner: str
