"""What a check of a policy finds: which rule, where, why, and on what source it rests."""

from typing import Literal

from msgspec import Struct

from .sentence import Sentence

Mark = Literal["S", "G", "K", ""]
"""How sure the source is: S read in a public source, G general knowledge, K known from practice; empty: own rule."""


class Finding(Struct, frozen=True):
    """One thing that a check has to say about a policy."""

    severity: Literal["error", "warning"]
    rule: str
    """The name of the rule; (a) to (h) are the rules of law, the rest have a word."""
    path: str
    """The key in the policy."""
    message: Sentence
    """What is wrong and what to do, in one line; it follows the key."""
    source: str = ""
    """The article that the rule comes from."""
    mark: Mark = ""
    """How sure that source is. A rule that is not sure warns and refuses nothing."""

    @property
    def sentence(self) -> Sentence:
        """The whole finding, to be told in the language of whoever reads it."""
        source = f" [{', '.join(filter(None, (self.source, self.mark)))}]" if self.source else ""
        return Sentence(
            "error: `{path}`: {message} ({rule}){source}"
            if self.severity == "error"
            else "warning: `{path}`: {message} ({rule}){source}",
            path=self.path,
            message=self.message,
            rule=self.rule,
            source=source,
        )

    def __str__(self) -> str:
        return str(self.sentence)


def law(rule: str, path: str, message: Sentence, source: str, mark: Mark = "S") -> Finding:
    """A finding on a rule of law: an error when the source was read, a warning when it is only known of."""
    return Finding("error" if mark == "S" else "warning", rule, path, message, source, mark)


def error(rule: str, path: str, message: Sentence) -> Finding:
    """A finding on a rule of our own that refuses the policy."""
    return Finding("error", rule, path, message)


def warning(rule: str, path: str, message: Sentence) -> Finding:
    """A finding on a rule of our own that refuses nothing."""
    return Finding("warning", rule, path, message)
