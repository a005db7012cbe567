"""`python -m stembus_polls.booth.seal`: after a change of a page, write what follows from it into the pages themselves.

What booth and checker share is copied from the booth into the checker, and the hashes of style and script go into the
policy in the head of each page. The tests fail where somebody forgot.
"""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
BOOTH: Final = FOLDER / "booth.html"
CHECKER: Final = FOLDER / "checker.html"
SHARED: Final = re.compile(
    r"// ===== Begin of what booth and checker share.*// ===== End of what booth and checker share\.", re.DOTALL
)
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r'<script type="module">(.*?)</script>', re.DOTALL)


def policy_of(page: str) -> str:
    """Return the policy of a page: what stands in it runs, and nothing else; it asks the server it came from alone."""
    return (
        f"default-src 'none'; script-src {_hash(_SCRIPT, page)}; style-src {_hash(_STYLE, page)}; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    )


def sealed(page: str) -> str:
    """Return a page with its own policy in its head."""
    return _POLICY.sub(lambda found: found[1] + policy_of(page) + found[3], page, count=1)


def with_shared(page: str, other: str) -> str:
    """Return a page with the part that it shares with the other as the other has it."""
    [shared] = SHARED.findall(other)
    return SHARED.sub(lambda _found: shared, page, count=1)


def seal() -> None:
    """Write both pages anew."""
    booth = sealed(BOOTH.read_text(encoding="utf-8"))
    checker = sealed(with_shared(CHECKER.read_text(encoding="utf-8"), booth))
    BOOTH.write_text(booth, encoding="utf-8")
    CHECKER.write_text(checker, encoding="utf-8")


def _hash(part: re.Pattern[str], page: str) -> str:
    [content] = part.findall(page)
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


if __name__ == "__main__":
    seal()
