"""`python -m failure_investigator`: the same as the console script."""

import sys

from failure_investigator.cli import main

if __name__ == "__main__":
    sys.exit(main())
