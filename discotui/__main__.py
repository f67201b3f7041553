"""``python -m discotui``."""

import sys

from discotui.cli import main

if __name__ == "__main__":
    sys.exit(main())
