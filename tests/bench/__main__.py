"""`python -m tests.bench [NAME …]`: runs the benchmarks of those names, or all, and prints the table."""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.bench import starting, teams, traffic
from tests.bench.clock import clock
from tests.bench.digests import digest
from tests.bench.growth import growth
from tests.bench.hostile import unsigned
from tests.bench.parts import parts
from tests.bench.processes import CORES, GENERATOR
from tests.bench.steps import steps
from tests.bench.table import shown

BENCHMARKS = {
    "log": traffic.log,
    "latency": traffic.latency,
    "vote": traffic.vote,
    "outgoing": traffic.outgoing,
    "unsigned": unsigned,
    "help": starting.help_,
    "memory": starting.memory,
    "digest": digest,
    "growth": growth,
    "clock": clock,
    "parts": parts,
    "steps": steps,
    "teams": teams.teams,
    "keys": teams.keys_hang,
}


def main() -> int:
    """The exit code is 1 where a bound does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--rounds", type=int, default=9, help="alternating rounds of each (default: 9)")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    os.sched_setaffinity(0, {CORES[GENERATOR]})
    rows = []
    for name in options.names or BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix="mapkeeper-bench-") as folder:
            rows += asyncio.run(BENCHMARKS[name](Path(folder), options.rounds))
    print(shown(rows))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
