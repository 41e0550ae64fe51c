"""`mapkeeper` with a clock that ticks twice a second, for tests that wait for it in a process of its own."""

import sys

import bot.app
from bot.cli import main

if __name__ == "__main__":
    bot.app.DIGESTS_SECONDS = 0.5
    sys.exit(main())
