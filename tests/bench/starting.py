"""What it takes to start and to stay: the command line's help, and the memory of an idle server."""

import asyncio
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.bench import payloads
from tests.bench.load import load
from tests.bench.processes import GENERATOR, on_core
from tests.bench.product import products
from tests.bench.table import Row, at_most

SLOWER = 3.0  # than Python that parses no arguments
HEAVY = ("slack_bolt", "sqlmodel", "sqlalchemy", "aiohttp", "botbuilder", "alembic")
MEBIBYTES = {"SQLite": 90, "PostgreSQL": 110}
WARM_UP, IDLE_SECONDS = 1000, 3.0

NOTHING = "import argparse; argparse.ArgumentParser().parse_args()"
COMMAND = Path(sys.executable).parent / "mapkeeper"


async def help_(folder: Path, rounds: int) -> list[Row]:
    """`mapkeeper --help` as a whole process, against one that parses no arguments."""
    empty = folder / "empty.py"
    empty.write_text(NOTHING)
    helps, nothings = [], []
    with on_core(GENERATOR):
        for _ in range(2 * rounds + 1):
            helps.append(_seconds(str(COMMAND), "--help"))
            nothings.append(_seconds(sys.executable, str(empty)))
    ratios = [mine / bare for mine, bare in zip(helps[1:], nothings[1:], strict=True)]
    behind = f"{min(helps) * 1000:.0f} ms; an empty argparse script {min(nothings) * 1000:.0f} ms"
    heavy = heavy_imports()
    return [
        at_most("mapkeeper --help", ratios, SLOWER, behind),
        Row("  what it imports of Bolt, SQLModel …", ", ".join(heavy) or "nothing", "nothing", not heavy),
    ]


async def memory(folder: Path, rounds: int) -> list[Row]:
    """What `mapkeeper serve` holds after a thousand logs, once it rests."""
    rows = []
    async with products(folder) as made:
        for product in made:
            logs = [payloads.pain() for _ in range(WARM_UP)]
            await load(product.server.address, logs, 16, b"Got it")
            await asyncio.sleep(IDLE_SECONDS)
            held, bound = product.server.memory(), MEBIBYTES[product.kind]
            rows.append(
                Row(f"memory when idle, {product.kind}", f"{held:.1f} MiB", f"≤ {bound} MiB", held <= bound)
            )
    return rows


def heavy_imports() -> list[str]:
    """Which of the heavy libraries `mapkeeper --help` loads."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", str(COMMAND), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in re.findall(r"\| +([\w.]+)$", told.stderr, re.MULTILINE)}
    return sorted(loaded & set(HEAVY))


def _seconds(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run(arguments, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began
