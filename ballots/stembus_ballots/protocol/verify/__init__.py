"""The strict verifier of an archive: everything that the protocol promises, and nothing that it has to believe."""

from stembus_ballots.protocol.verify.verdict import Finding, Verdict
from stembus_ballots.protocol.verify.whole import verify_archive

__all__ = ["Finding", "Verdict", "verify_archive"]
