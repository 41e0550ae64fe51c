"""`/journey` and its help: where we are, which maps there are, how to begin."""

from handlers.answers import Answer, Button, Buttons, Card, Line, Menu, Part, Quiet, Rows, Tell, Title, Words
from handlers.forms import options
from handlers.text import UserText, plain, short, theirs
from handlers.turn import Turn
from handlers.words import say, word

MOST = 10
TYPED = 40  # characters of an unknown command that the sentence repeats
HELP = ("pain", "idea", "quote", "at", "map", "search", "show", "digest", "new", "link")


def home(turn: Turn) -> Answer:
    """`/journey`: the maps and how to log; on a fresh database, how to begin."""
    hello = say("home hello")
    parts: list[Part] = [Title(hello)]
    maps = turn.store.maps.all()
    start = Button(word("start from template"), "map.start", style="plain" if maps else "primary")
    if not maps:
        parts += [Line(say("home start")), Buttons((start,))]
        return Tell(Card(tuple(parts), plain(hello)))
    parts += [Line(say("home here", map=UserText(here.name))) for here in turn.maps]
    rows = tuple(say("home map", map=UserText(m.name), slug=UserText(m.slug)) for m in maps[:MOST])
    parts += [Quiet(say("home maps")), Rows(rows), Line(say("home how"))]
    pick = Menu(word("show map"), "map.show", options([(m.id, m.name) for m in maps]))
    parts.append(Buttons((pick, start)))
    return Tell(Card(tuple(parts), plain(hello)))


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
