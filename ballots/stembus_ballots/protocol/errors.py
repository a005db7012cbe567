"""What the protocol does not allow: one exception, with the short name of the rule that was broken."""


class ProtocolError(ValueError):
    """Data that breaks a rule of the protocol.

    `rule` is the rule's short name, such as `ballot.signature`; the message says what is wrong and where.
    """

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(rule, what)  # both, so that it can come from another process
        self.rule = rule

    def __str__(self) -> str:
        return str(self.args[1])
