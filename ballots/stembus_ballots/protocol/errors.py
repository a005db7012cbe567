"""What the protocol does not allow: one exception, with the short name of the rule that was broken."""


class ProtocolError(ValueError):
    """Data that breaks a rule of the protocol.

    `rule` is the rule's short name, such as `ballot.signature`; the message says what is wrong and where.
    """

    def __init__(self, rule: str, what: str) -> None:
        self.rule = rule
        super().__init__(what)
