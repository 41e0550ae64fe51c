"""What a person does with a form: fills it, sends it, closes it."""

from collections.abc import Mapping
from typing import Any

from bot.playground.inputs import filled, refused, state_of, stateful
from bot.playground.json_shapes import view_json
from bot.playground.mail import Mail
from bot.playground.payloads import interaction
from bot.playground.replies import Reply
from bot.playground.schema import Json
from bot.playground.things import Person, View
from bot.playground.view_methods import close_modal


class Forms(Mail):
    """Modals as a person works with them."""

    def view_of(self, user: str | Person) -> View | None:
        """The modal on top of a person's screen."""
        stack = self.world.views[self.world.person(user).id]
        return stack[-1] if stack else None

    def fill(self, user: str | Person, view: View, values: Mapping[str, Any]) -> None:
        """Put values into inputs by block_id (or action_id) without sending; None empties an input."""
        self._mine(user, view)
        for name, value in values.items():
            block, element = _input_named(view, name)
            view.touched.setdefault(block["block_id"], {})[element["action_id"]] = filled(element, value)

    async def submit(
        self,
        user: str | Person,
        view: View,
        values: Mapping[str, Any] | None = None,
        *,
        unchecked: bool = False,
    ) -> Reply:
        """Fill a form and send it; the client keeps it back where a needed field is empty or out of bounds.

        `unchecked` sends it all the same, as a doctored client could.
        """
        who = self._mine(user, view)
        if not view.content.get("submit"):
            raise LookupError("the view has no submit button")
        self.fill(user, view, values or {})
        wrong = {} if unchecked else refused(view.blocks, state_of(view.blocks, view.touched))
        trigger = self.world.passes.new_trigger(who.id)
        payload = self._payload("view_submission", who, view)
        payload |= {"trigger_id": trigger, "response_urls": []}
        request = self.request(
            "view_submission", view.callback_id, payload, user=who.id, cause=trigger, view=view
        )
        view.errors = wrong
        if wrong:
            reply = self.unsent(request)
            self.world.note("errors", who.id, view=view, cause=trigger)
            return reply
        return await self.send(request)

    async def close_view(self, user: str | Person, view: View, *, everything: bool = False) -> Reply:
        """Close a form, or the whole stack; the bot hears of it only where it asked to."""
        who = self._mine(user, view)
        trigger = self.world.passes.new_trigger(who.id)
        everything = everything or bool(view.content.get("clear_on_close"))
        payload = self._payload("view_closed", who, view) | {"is_cleared": everything}
        request = self.request(
            "view_closed", view.callback_id, payload, user=who.id, cause=trigger, view=view
        )
        close_modal(self.world, view, everything=everything, cause=trigger)
        if view.content.get("notify_on_close"):
            return await self.send(request)
        return self.unsent(request)

    def _payload(self, kind: str, who: Person, view: View) -> Json:
        token = self.credentials.verification_token
        return interaction(self.world, token, kind, who) | {"view": view_json(self.world, view)}

    def _mine(self, user: str | Person, view: View) -> Person:
        who = self.world.person(user)
        if view.user != who.id or view.closed:
            raise LookupError(f"{who.name} does not have this view open")
        return who


def _input_named(view: View, name: str) -> tuple[Json, Json]:
    found = list(stateful(view.blocks))
    for block, element in found:
        if name == block["block_id"]:
            return block, element
    for block, element in found:
        if name == element["action_id"]:
            return block, element
    known = [block["block_id"] for block, _ in stateful(view.blocks)]
    raise LookupError(f"no input {name!r} among {known}")
