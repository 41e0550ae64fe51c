"""Private maps: who sees one, how it becomes private and opens again, and who its members are."""

from collections.abc import Sequence

from handlers.access import met
from handlers.answers import (
    Answer,
    Button,
    Buttons,
    Card,
    Done,
    Field,
    Form,
    Line,
    Note,
    Open,
    Option,
    Part,
    Quiet,
    Tell,
    Title,
)
from handlers.choosing import meant_map
from handlers.effects import ask_people, message, whisper
from handlers.errors import FieldErrors, Refusal
from handlers.history import record
from handlers.kinds import Role
from handlers.request import Profile
from handlers.text import Text, UserText, joined, plain, theirs
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap, Person

VERSION = 1
EVERYBODY, MEMBERS = "everybody", "members"  # who sees a map, as its form says it
NAMED = 10  # people and channels that are called by their names
MOST = 200  # people in one form


def may_decide(turn: Turn, journey: JourneyMap) -> bool:
    """The map's owner decides who sees it, and admins do."""
    return turn.may(Role.ADMIN) or turn.who.id == journey.owner_id


def asked(turn: Turn, journey: JourneyMap, seen: str) -> Form:
    """The form that confirms who is to see the map."""
    if seen == MEMBERS:
        return _members_form(turn, journey, "map.close", [Note(say("private what", map=_name(journey)))])
    return Form(
        title=word("form open map"),
        action="map.open",
        submit=word("open to all"),
        fields=(Note(say("open what", map=_name(journey))),),
        token=turn.store.new_id(),
        about={"map": journey.id},
        version=VERSION,
    )


def close(turn: Turn) -> Answer:
    """It was confirmed: from now on only members see the map."""
    journey = _decided(turn)
    if turn.store.people.settings().all_open and not journey.private:
        raise Refusal(say("private forbidden"))
    people = _picked(turn)
    if not journey.private:
        _set(turn, journey, private=True)
    _name_members(turn, journey, people)
    return Done(_who_sees(turn, journey, say("made private", map=_name(journey))))


def reopen(turn: Turn) -> Answer:
    """It was confirmed: everybody of the organisation sees the map again."""
    journey = _decided(turn)
    if journey.private:
        _set(turn, journey, private=False)
    text = say("made open", map=_name(journey))
    return Done(Card((Line(text), Buttons((_show(journey),))), plain(text)))


def members(turn: Turn) -> Answer:
    """`/journey members [map]`, or the button: who sees the map; for its owner and admins the form that says so."""
    journey = meant_map(turn)
    if journey.private and may_decide(turn, journey):
        return Open(_members_form(turn, journey, "map.members.save"))
    if not journey.private:
        text = say("seen by all", map=_name(journey))
        edit = Button(word("edit map"), "map.edit", journey.id)
        more = (Line(say("private how")), Buttons((edit,))) if may_decide(turn, journey) else ()
        return Tell(Card((Line(text), *more), plain(text)))
    return Tell(_who_sees(turn, journey, say("members title", map=_name(journey))))


def save_members(turn: Turn) -> Answer:
    """The form was sent: these people are named, and nobody else."""
    journey = _decided(turn)
    if not journey.private:
        raise Refusal(say("seen by all", map=_name(journey)))
    if turn.request.about.get("version") != str(VERSION):
        return Open(_members_form(turn, journey, "map.members.save", [Note(say("old form"))]))
    _name_members(turn, journey, _picked(turn))
    return Done(_who_sees(turn, journey, say("members saved", map=_name(journey))))


def seen_in_words(turn: Turn, journey: JourneyMap) -> Text:
    """Who sees a private map, in one line."""
    people = turn.store.members.named(journey.id)
    owner = turn.store.people.get(journey.owner_id) if journey.owner_id else None
    named = ([owner] if owner else []) + [one for one in people if one.id != journey.owner_id]
    seers: list[Text] = [_called(one) for one in named[:NAMED]]
    if len(named) > NAMED:
        seers.append(say("people more", n=len(named) - NAMED))
    if channels := channels_of(turn, journey):
        seers.append(say("seen in channels", channels=channels))
    return say("private seen", people=joined([*seers, say("seen by admins")], ", "))


def channels_of(turn: Turn, journey: JourneyMap, *, public: bool = False) -> Text:
    """The channels that show the map, or the public ones of them, the first few by name; nothing where none does."""
    places = [one for one in turn.store.maps.bound_places(journey.id) if not (public and one.private)]
    names = [say("channel name", name=UserText(place.name)) for place in places[:NAMED]]
    more = [say("channels more", n=len(places) - NAMED)] if len(places) > NAMED else []
    return joined([*names, *more], ", ") if names else ()


def _decided(turn: Turn) -> JourneyMap:
    """The map of a sent form, locked; raises Refusal for somebody who does not decide about it."""
    store, map_id = turn.store, turn.request.about.get("map", "")
    journey = store.maps.get(map_id)
    if journey is None:
        raise Refusal(say("not found anywhere"))
    if not may_decide(turn, journey):
        raise not_yours(turn, journey)
    store.reshaping.lock(map_id)
    return store.maps.get(map_id) or journey


def not_yours(turn: Turn, journey: JourneyMap) -> Refusal:
    """The refusal of somebody who sees a map and does not decide who else does; it names whom to ask."""
    owner = turn.store.people.get(journey.owner_id) if journey.owner_id else None
    return Refusal(say("private not yours", owner=theirs(owner.name) if owner else turn.admins()))


def _set(turn: Turn, journey: JourneyMap, *, private: bool) -> None:
    """Writes it, tells the history, and the channels that show the map."""
    store = turn.store
    what = "closed" if private else "opened"
    step = record(
        turn, journey.id, what, ("map", journey.id), {"private": journey.private}, {"private": private}
    )
    store.reshaping.save(journey, private=private)
    store.members.count()
    values = {"map": _name(journey), "name": UserText(turn.who.name)}
    text = say("channel map private", **values) if private else say("channel map open", **values)
    for place in store.maps.bound_places(journey.id):
        key = f"{what} {place.id} {journey.id} {step.revision}"
        message(store, place.workspace_id, place.id, key, Card((Line(text),), plain(text)), turn.now)
        if private:
            ask_people(store, place.workspace_id, place.id, turn.now)


def _name_members(turn: Turn, journey: JourneyMap, wanted: Sequence[str]) -> None:
    """These people are named from now on; who is new hears of it."""
    store = turn.store
    before = [one.id for one in store.members.named(journey.id)]
    added = [one for one in wanted if one not in before]
    gone = [one for one in before if one not in wanted]
    if not added and not gone:
        return
    step = record(
        turn, journey.id, "edited", ("map", journey.id), {"members": before}, {"members": list(wanted)}
    )
    for person_id in gone:
        store.members.drop(journey.id, person_id)
    text = say("member told", name=UserText(turn.who.name), map=_name(journey))
    card = Card((Line(text), Buttons((_show(journey),))), plain(text))
    for person_id in added:
        store.members.add(journey.id, person_id, by=turn.who.id, at=turn.now)
        account = store.people.any_account(person_id)
        if account is not None and person_id not in (turn.who.id, journey.owner_id):
            key = f"member {journey.id} {person_id} {step.revision}"
            whisper(store, account.workspace_id, person_id, key, card, turn.now)


def _picked(turn: Turn) -> list[str]:
    """The ids of the people in the form; who has never used us is written down; raises FieldErrors."""
    sent = turn.request.values.get("people") or ()
    users = list(dict.fromkeys([sent] if isinstance(sent, str) else sent))
    if len(users) > MOST:
        raise FieldErrors({"people": word("error many people", most=MOST)})
    found = []
    for user in users:
        account = turn.store.people.by_external(turn.workspace_id, user[:255])
        if account is None:
            new = met(turn.store, turn.workspace_id, user[:255], Profile(user[:255], known=False), turn.now)
            found.append(new.id)
        else:
            found.append(account.person_id)
    return found + _from_elsewhere(turn)


def _from_elsewhere(turn: Turn) -> list[str]:
    """Members who have no account on this platform: its form cannot show them, so it does not take them off."""
    named = turn.store.members.named(turn.request.about.get("map", ""))
    return [one.id for one in named if turn.store.people.account(turn.workspace_id, one.id) is None]


def _members_form(turn: Turn, journey: JourneyMap, action: str, notes: Sequence[Note] = ()) -> Form:
    store = turn.store
    known = [
        (store.people.account(turn.workspace_id, one.id), one) for one in store.members.named(journey.id)
    ]
    shown = [Option(one.name, account.external_id) for account, one in known if account is not None]
    fields: list[Field | Note] = [*notes]
    if channels := channels_of(turn, journey):
        fields.append(Note(say("private channels", channels=channels)))
    if public := channels_of(turn, journey, public=True):
        fields.append(Note(say("private public", channels=public)))
    fields.append(
        Field(
            name="people",
            label=word("field members"),
            kind="people",
            value=tuple(option.value for option in shown[:MOST]),
            options=tuple(shown[:MOST]),
            optional=True,
            hint=word("hint members closing" if action == "map.close" else "hint members"),
        )
    )
    closing = action == "map.close"
    return Form(
        title=word("form private" if closing else "form members"),
        action=action,
        submit=word("make private" if closing else "save"),
        fields=tuple(fields),
        token=store.new_id(),
        about={"map": journey.id},
        version=VERSION,
    )


def _who_sees(turn: Turn, journey: JourneyMap, title: Text) -> Card:
    parts: list[Part] = [Title(title), Line(seen_in_words(turn, journey))]
    if public := channels_of(turn, journey, public=True):
        parts.append(Quiet(say("private public", channels=public)))
    buttons = [_show(journey)]
    if may_decide(turn, journey):
        buttons.append(Button(word("members"), "map.members", journey.id))
    return Card((*parts, Buttons(tuple(buttons))), plain(title))


def _called(person: Person) -> Text:
    return say("a name", name=UserText(person.name))


def _name(journey: JourneyMap) -> UserText:
    return UserText(journey.name)


def _show(journey: JourneyMap) -> Button:
    return Button(word("open map"), "map.show", journey.id)
