"""`/journey` and its help, a word that nobody knows, and *Log something* from the Home tab."""

from handlers.answers import Answer, Card, Field, Form, Line, Open, Rows, Silent, Tell, Title, Words
from handlers.choosing import start_button
from handlers.effects import home as draw_home
from handlers.errors import FieldErrors, Refusal
from handlers.forms import item_form, options
from handlers.home_tab import home_card
from handlers.kinds import Kind
from handlers.text import UserText, plain, short, theirs
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Person

TYPED = 40  # characters of an unknown command that the sentence repeats
HELP = (
    "pain",
    "idea",
    "quote",
    "message",
    "at",
    "map",
    "search",
    "matrix",
    "show",
    "digest",
    "check",
    "pulse",
    "schedule",
    "new",
    "edit",
    "members",
    "stages",
    "channel",
    "settings",
    "organisation",
    "link",
)


def home(turn: Turn) -> Answer:
    """`/journey`: what the Home tab shows, and what this channel does; on a fresh database, how to begin."""
    here = [say("home here", map=UserText(journey.name)) for journey in turn.maps]
    return Tell(home_card(turn.store, _person(turn), turn.now, here))


def opened(turn: Turn) -> Answer:
    """Somebody looks at their Home tab: it is drawn, and kept up to date from now on."""
    turn.store.homes.opened(turn.who.account_id, turn.now)
    draw_home(turn.store, turn.workspace_id, turn.who.id, turn.now, looks=True)
    return Silent()


def log(turn: Turn) -> Answer:
    """A log button of the Home tab: the form, after the map where there are several."""
    kind, maps = _kind(turn.request.value()), turn.store.maps.all()
    if len(maps) > 1:
        return Open(_which_map(turn, kind, [(journey.id, journey.name) for journey in maps]))
    if not maps:
        raise Refusal(say("no maps"), buttons=(start_button(),))
    return Open(item_form(turn, kind, maps[0].id, {}))


def log_on_map(turn: Turn) -> Answer:
    """The map was picked: its form."""
    journey = turn.store.maps.get(turn.request.value("map"))
    if journey is None or journey.archived_at is not None:
        raise FieldErrors({"map": word("error map")})
    return Open(item_form(turn, _kind(turn.request.about.get("kind", "")), journey.id, {}))


def help_card(turn: Turn) -> Answer:
    """`/journey help`: every command, with an example."""
    title = say("help title")
    # What is copied from here works here.
    stages = turn.store.maps.stage_names(turn.maps[0].id) if turn.maps else []
    stage = UserText(stages[0].slug if stages else "checkout")
    rows = tuple(say(f"help {topic}", stage=stage) for topic in HELP)
    return Tell(Card((Title(title), Rows(rows)), plain(title)))


def unknown_command(turn: Turn) -> Answer:
    """A word after `/journey` that nobody knows."""
    typed = turn.request.text
    text = say("unknown command", typed=UserText(short(typed, TYPED)))
    whole = (Words(theirs(typed), quoted=True),) if len(typed) > TYPED else ()
    return Tell(Card((Line(text), *whole), plain(text)))


def _which_map(turn: Turn, kind: Kind, maps: list[tuple[str, str]]) -> Form:
    return Form(
        title=word("form home log"),
        action="home.log.map",
        submit=word("next"),
        fields=(Field(name="map", label=word("field map"), kind="choice", options=options(maps)),),
        token=turn.store.new_id(),
        about={"kind": kind.value},
    )


def _kind(value: str) -> Kind:
    if value not in set(Kind):
        raise Refusal(say("unknown click"))
    return Kind(value)


def _person(turn: Turn) -> Person:
    person = turn.store.people.get(turn.who.id)
    assert person is not None, "who asks is written down"
    return person
