"""`python -m stembus_ballots`: what an auditor runs, without anything of the server."""

import sys

from stembus_ballots.verify_command import main

if __name__ == "__main__":
    sys.exit(main())
