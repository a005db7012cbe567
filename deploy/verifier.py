"""Pack the verifier of secret polls into one file that Python runs: the same bytes from the same sources, each time."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "ballots"))

from stembus_ballots.packing import packed_verifier

if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(packed_verifier())
    target.chmod(0o755)
