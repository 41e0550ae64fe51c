"""How a channel takes part in a map: the stage of a line that names none, and which cards are posted there."""

from handlers.answers import Answer, Button, Buttons, Card, Done, Field, Form, Line, Menu, Note, Open, Tell
from handlers.choosing import meant_map, no_map_here
from handlers.errors import FieldErrors, Refusal
from handlers.forms import options
from handlers.history import record
from handlers.kinds import Noise
from handlers.text import Text, UserText, plain
from handlers.turn import Here, Turn
from handlers.votes import canonical
from handlers.words import say, word
from storage.models import Binding

VERSION = 1
NO_STAGE = "none"
FROM_VOTES, MOST_VOTES = 3, 999
EMOJI = 100  # characters of its name


def edit(turn: Turn) -> Answer:
    """`/journey channel [map]`, or the button: the form with what is set."""
    here = meant_here(turn)
    if here is None:
        menu = Menu(word("pick map"), "channel.edit", options([(one.id, one.name) for one in turn.maps]))
        text = say("channel which")
        return Tell(Card((Line(text), Buttons((menu,))), plain(text)))
    return Open(_form(turn, here, _known(changeable(turn, here))))


def save(turn: Turn) -> Answer:
    """The form was sent."""
    request = turn.request
    here = next((one for one in turn.maps if one.id == request.about.get("map")), None)
    if here is None:
        raise Refusal(say("not found anywhere"))
    binding = changeable(turn, here)
    if request.about.get("version") != str(VERSION):
        known = _known(binding) | {name: request.value(name) for name in request.values}
        return Open(_form(turn, here, known, note=say("old form")))
    chosen = _checked(turn, here)
    before = {name: getattr(binding, name) for name in chosen if getattr(binding, name) != chosen[name]}
    if before:
        turn.store.bindings.save(binding, **chosen)
        after = {name: chosen[name] for name in before}
        record(turn, here.id, "edited", ("channel", binding.place_id), before, after)
    text = say("channel saved", map=UserText(here.name))
    off = Buttons((Button(word("unbind"), "map.unbind.ask", here.id),))
    return Done(Card((Line(text), *map(Line, _in_words(turn, here, chosen)), off), plain(text)))


def meant_here(turn: Turn) -> Here | None:
    """The map of this channel that is meant; None where it shows several and none was named."""
    if not turn.maps:
        raise no_map_here(turn)
    if not turn.request.text.strip() and not turn.request.value():
        return turn.maps[0] if len(turn.maps) == 1 else None
    journey = meant_map(turn)
    here = next((one for one in turn.maps if one.id == journey.id), None)
    if here is None:
        raise Refusal(say("channel other", map=UserText(journey.name), slug=UserText(journey.slug)))
    return here


def changeable(turn: Turn, here: Here) -> Binding:
    """How the channel shows the map; raises Refusal for all but the map's editors and who bound it."""
    binding = turn.store.bindings.get(turn.remembered_place(), here.id)
    if binding is None:
        raise Refusal(say("not found anywhere"))
    if binding.bound_by != turn.who.id:
        turn.need_edit(here)
    return binding


def _known(binding: Binding) -> dict[str, str]:
    return {
        "stage": binding.default_stage_id or NO_STAGE,
        "noise": binding.noise,
        "from_votes": str(binding.from_votes or FROM_VOTES),
        "capture": binding.capture,
    }


def _form(turn: Turn, here: Here, known: dict[str, str], note: Text | None = None) -> Form:
    stages = [(stage.id, stage.name) for stage in turn.stage_names(here.id)]
    chosen = known["stage"] if known["stage"] in dict(stages) else NO_STAGE
    return Form(
        title=word("form channel"),
        action="channel.save",
        submit=word("save"),
        fields=(
            *([Note(note)] if note else []),
            Note(say("channel about", map=UserText(here.name))),
            Field(
                name="stage",
                label=word("field default stage"),
                kind="choice",
                value=chosen,
                options=options([(NO_STAGE, word("default stage none")), *stages]),
            ),
            Field(
                name="noise",
                label=word("field noise"),
                kind="choice",
                value=known["noise"],
                options=options([(noise.value, word(f"noise {noise}")) for noise in Noise]),
            ),
            Field(
                name="from_votes",
                label=word("field from votes"),
                kind="number",
                value=known["from_votes"],
                optional=True,
                hint=word("hint from votes"),
                least=1,
                most=MOST_VOTES,
            ),
            Field(
                name="capture",
                label=word("field capture"),
                value=known["capture"],
                optional=True,
                hint=word("hint capture"),
                longest=EMOJI,
            ),
        ),
        token=turn.store.new_id(),
        about={"map": here.id},
        version=VERSION,
    )


def _checked(turn: Turn, here: Here) -> dict[str, str | int | None]:
    """The columns that the form means; raises FieldErrors."""
    request, wrong = turn.request, dict[str, str]()
    stage, noise = request.value("stage"), request.value("noise")
    if stage not in {NO_STAGE, *(known.id for known in turn.stage_names(here.id))}:
        wrong["stage"] = word("error stage gone")
    if noise not in set(Noise):
        wrong["noise"] = word("error choice")
    votes = request.value("from_votes").strip()
    counted = int(votes) if votes.isascii() and votes.isdigit() and len(votes) < 4 else 0
    if noise == Noise.VOTES and counted < 1:
        wrong["from_votes"] = word("error number", least=1, most=MOST_VOTES)
    capture = canonical(request.value("capture").strip().strip(":"))
    if capture in turn.vote_emoji:
        wrong["capture"] = word("error capture")
    elif len(capture) > EMOJI or any(map(str.isspace, capture)):
        wrong["capture"] = word("error one emoji")
    if wrong:
        raise FieldErrors(wrong)
    return {
        "capture": capture,
        "default_stage_id": None if stage == NO_STAGE else stage,
        "noise": noise,
        "from_votes": counted if noise == Noise.VOTES else 0,
    }


def _in_words(turn: Turn, here: Here, chosen: dict[str, str | int | None]) -> list[Text]:
    if chosen["noise"] == Noise.VOTES:
        said = [say("channel votes", n=int(chosen["from_votes"] or 0))]
    else:
        said = [say("channel digest" if chosen["noise"] == Noise.DIGEST else "channel every")]
    names = {stage.id: stage.name for stage in turn.stage_names(here.id)}
    if (name := names.get(str(chosen["default_stage_id"]))) is not None:
        said.append(say("channel stage", stage=UserText(name)))
    return said
