"""Somebody who types pains in a process of their own: what they wait for is the product, and not our stand-in.

`python -m tests.typist URL SECRET FORM` sends the form of a command again and again, signed, each time with other
words; each line that it prints is the wait in milliseconds and the answer's sentence. It stops when it is told to.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.playground.sender import encoded
from bot.playground.slack import SlackStandIn
from tests.load import PROJECT, typed_command

BREATH = 0.02


class Typed(NamedTuple):
    """How long somebody waited, in milliseconds, and what they were told."""

    wait: float
    told: str


class Typist:
    """Reads what they were told, one answer after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        self._lines = process.stdout

    async def next(self) -> Typed:
        """Their next answer."""
        line = (await self._lines.readline()).decode()
        wait, _, told = line.rstrip("\n").partition(" ")
        assert told, "the typist has stopped"
        return Typed(float(wait), told)


@asynccontextmanager
async def typist(slack: SlackStandIn, url: str) -> AsyncIterator[Typist]:
    """Ada, who types in #product from now on, to the product at that address."""
    form = json.dumps(typed_command(slack, "").payload)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.typist", url, slack.signing_secret, form),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Typist(process)
    finally:
        process.kill()
        await process.wait()


async def _type(url: str, secret: str, form: dict[str, str]) -> None:
    signer = SignatureVerifier(secret)
    number = 0
    async with aiohttp.ClientSession() as session:
        while True:
            number += 1
            body, kind = encoded(
                "command", {**form, "text": f"pay: {number} times {number * 7919} is too much"}
            )
            stamp = str(int(time.time()))
            signature = signer.generate_signature(timestamp=stamp, body=body) or ""
            headers = {
                "Content-Type": kind,
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": signature,
            }
            began = time.perf_counter()
            async with session.post(url, data=body, headers=headers) as answer:
                told = await answer.read()
            waited = time.perf_counter() - began
            words = json.loads(told)["text"] if answer.status == 200 and told else f"status {answer.status}"
            sys.stdout.write(f"{waited * 1000:.3f} {words!r}\n")
            sys.stdout.flush()
            await asyncio.sleep(BREATH)


if __name__ == "__main__":
    asyncio.run(_type(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
