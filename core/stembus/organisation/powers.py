"""Powers: named by plugins, granted to seats by the adopted definition of a body."""

import msgspec


class Power(msgspec.Struct, frozen=True, kw_only=True):
    """Something a seat may allow, such as `polls.open`.

    `nl` and `en` complete the sentence "This seat may …". A `grave` power takes two people in two seats. A branch can
    only be granted a power that is `in_branch`, and then uses it only for what is its own.
    """

    name: str
    nl: str
    en: str
    grave: bool = False
    in_branch: bool = False
