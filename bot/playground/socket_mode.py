"""Socket Mode: the bot opens a web socket, envelopes go down it and acknowledgements come back."""

import asyncio
import json
import secrets
import time
from itertools import count

from aiohttp import WSMsgType, web

from bot.playground.changes import Changes
from bot.playground.schema import Json


class Sockets:
    """Every open socket of the bot."""

    def __init__(self, app_id: str, changes: Changes) -> None:
        self.app_id = app_id
        self.open: list[web.WebSocketResponse] = []
        self.base_url = ""
        self._changes = changes
        self._tickets: set[str] = set()
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._turn = count()

    def new_url(self) -> str:
        """The address of a socket that may be opened once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return f"{self.base_url.replace('http', 'ws', 1)}/socket?ticket={ticket}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one socket open: hello first, then envelopes down and acknowledgements up."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(self._hello())
        self.open.append(socket)
        self._changes.ring()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self.open.remove(socket)
            self._changes.ring()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open) + 1,
            "debug_info": {"host": "stand-in", "started": time.strftime("%F %T"), "build_number": 1},
            "connection_info": {"app_id": self.app_id},
        }

    def _acknowledged(self, data: str) -> None:
        try:
            body = json.loads(data)
        except ValueError:
            return
        waiting = self._acks.get(body.get("envelope_id", "")) if isinstance(body, dict) else None
        if waiting and not waiting.done():
            waiting.set_result(body)

    async def deliver(self, kind: str, payload: Json, more: Json) -> Json:
        """Send an envelope to the bot and return its acknowledgement."""
        await self._changes.until(lambda: self.open)
        socket = self.open[next(self._turn) % len(self.open)]
        envelope_id = secrets.token_hex(16)
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._acks[envelope_id] = future
        try:
            await socket.send_json({"envelope_id": envelope_id, "type": kind, "payload": payload, **more})
            return await future
        finally:
            del self._acks[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the bot to open new sockets, as Slack does every few hours, and close the old ones."""
        for socket in list(self.open):
            await socket.send_json({"type": "disconnect", "reason": reason})
            await socket.close()

    async def close(self) -> None:
        """Close every socket."""
        for socket in list(self.open):
            await socket.close()
