"""A map is taken off a channel: asked first, told to the channel, and shown there again by one click."""

from handlers.answers import Answer, Button, Buttons, Card, Line, Menu, Part, Replace, Tell, Title
from handlers.channel_settings import changeable, meant_here
from handlers.effects import message
from handlers.errors import Refusal
from handlers.forms import options
from handlers.history import record
from handlers.text import Text, UserText, joined, plain
from handlers.turn import Here, Turn
from handlers.words import say, word


def ask(turn: Turn) -> Answer:
    """`/journey unbind [map]`, or the button: what will happen, and the button that does it."""
    here = meant_here(turn)
    if here is None:
        menu = Menu(word("pick map"), "map.unbind.ask", options([(one.id, one.name) for one in turn.maps]))
        text = say("channel which")
        return Tell(Card((Line(text), Buttons((menu,))), plain(text)))
    changeable(turn, here)
    title = say("unbind ask", map=UserText(here.name), channel=UserText(turn.place_name))
    parts: list[Part] = [Title(title), Line(say("unbind what")), Line(_digest(turn, here))]
    journey = turn.store.maps.get(here.id)
    if journey is not None and journey.private:
        parts.append(Line(say("unbind private")))
    parts.append(Buttons((Button(word("unbind yes"), "map.unbind", here.id, style="danger"),)))
    return Tell(Card(tuple(parts), plain(title)))


def unbind(turn: Turn) -> Answer:
    """It was confirmed: the channel shows the map no longer, and is told so."""
    here = next((one for one in turn.maps if one.id == turn.request.value()), None)
    if here is None:
        raise Refusal(say("not found anywhere"))
    store, binding = turn.store, changeable(turn, here)
    place_id = binding.place_id
    kept = {"noise": binding.noise, "stage": binding.default_stage_id, "capture": binding.capture}
    step = record(turn, here.id, "unbound", ("channel", place_id), kept)
    store.bindings.drop(place_id, here.id)
    store.members.unbound(place_id, here.id)
    store.posts.forget(place_id, here.id)
    names = {"map": UserText(here.name), "name": UserText(turn.who.name), "slug": UserText(here.slug)}
    told = say("channel unbound", **names)
    key = f"unbound {place_id} {here.id} {step.revision}"
    message(store, turn.workspace_id, place_id, key, Card((Line(told),), plain(told)), turn.now)
    text = say("unbound", map=UserText(here.name), channel=UserText(turn.place_name))
    back = Button(word("bind again"), "map.bind", here.id)
    return Replace(Card((Line(text), Buttons((back,))), plain(text)))


def _digest(turn: Turn, here: Here) -> Text:
    """What becomes of the channel's digest."""
    others = [say("map title", map=UserText(one.name)) for one in turn.maps if one.id != here.id]
    return say("unbind digest rest", maps=joined(others, ", ")) if others else say("unbind digest")
