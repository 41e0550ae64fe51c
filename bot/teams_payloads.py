"""Teams' activities as plain data, translated once into requests. What does not look as expected is None."""

from typing import Any

import msgspec

from bot.payloads import Payload, cleaned, dict_in, text_in
from bot.teams_cards import OURS
from bot.teams_forms import TICKED
from bot.teams_text import NOTHING
from handlers.answers import Field, Form
from handlers.request import Actor, Request, Spot, Value

VALUE, NAME = 8_000, 120  # characters of a click's value; of an action, a field, an id
BIGGEST = 10**15
_PERSONAL, _CHANNEL = "personal", "channel"


class Sent(msgspec.Struct, frozen=True):
    """What our buttons and forms carried unseen; `pick` names the menu whose choice is the value."""

    action: str = ""
    value: str = ""
    pick: str = ""
    token: str = ""
    about: dict[str, str] = {}
    form: Form | None = None


def click(activity: Payload) -> Request | None:
    """A button or a menu, in a message or in a dialog: executed, submitted, or to be answered with a form."""
    data = data_of(activity)
    sent, actor, key = sent_with(data), actor_of(activity), key_of(activity)
    if actor is None or not sent.action or sent.token or not key:
        return None
    value = text_in(data, sent.pick) if sent.pick else sent.value
    return Request(
        actor=actor,
        spot=spot_of(activity),
        action=sent.action[:NAME],
        key=f"c:{key}",
        surface="click",
        values={"value": cleaned(value)[:VALUE]},
        message=text_in(activity, "replyToId"),
    )


def form(activity: Payload) -> Request | None:
    """A form that was sent."""
    data = data_of(activity)
    sent, actor = sent_with(data), actor_of(activity)
    if actor is None or not sent.action or not sent.token:
        return None
    return Request(
        actor=actor,
        spot=spot_of(activity),
        action=sent.action[:NAME],
        key=f"f:{sent.token[:NAME]}",
        surface="form",
        values=_values(sent, data),
        about=sent.about,
    )


def form_again(activity: Payload) -> Form | None:
    """The form that was sent, with what was typed into it; None where there was none."""
    data = data_of(activity)
    sent = sent_with(data)
    if sent.form is None or not sent.token:
        return None
    values = _values(sent, data)
    fields = tuple(
        msgspec.structs.replace(field, value=values.get(field.name, ""))
        if isinstance(field, Field)
        else field
        for field in sent.form.fields
    )
    about = {name: value for name, value in sent.about.items() if name != "version"}
    return msgspec.structs.replace(
        sent.form, fields=fields, action=sent.action, token=sent.token, about=about
    )


def data_of(activity: Payload) -> Payload:
    """What a card sent: executed, submitted in a dialog, or as the message that an old client makes of a click."""
    value = dict_in(activity, "value")
    for within in (dict_in(value, "action"), value):
        if isinstance(within.get("data"), dict):
            return dict_in(within, "data")
    return value


def sent_with(data: Payload) -> Sent:
    """What is ours in it; empty where nothing is or it was tampered with."""
    try:
        return msgspec.convert(dict_in(data, OURS), Sent)
    except msgspec.ValidationError:
        return Sent()


def actor_of(activity: Payload) -> Actor | None:
    """Who it is: the tenant and the object id, which are the same in every chat; never the e-mail."""
    person = dict_in(activity, "from")
    tenant = text_in(dict_in(dict_in(activity, "channelData"), "tenant"), "id")
    tenant = tenant or text_in(dict_in(activity, "conversation"), "tenantId")
    user = text_in(person, "aadObjectId") or text_in(person, "id")
    return Actor("teams", tenant, user, text_in(person, "name")) if tenant and user else None


def spot_of(activity: Payload) -> Spot | None:
    """Where it is: a channel is named without the thread, `;messageid=…`."""
    conversation, channel_data = dict_in(activity, "conversation"), dict_in(activity, "channelData")
    channel = text_in(conversation, "id").partition(";")[0]
    if not channel:
        return None
    kind = text_in(conversation, "conversationType")
    if kind == _PERSONAL:
        return Spot(channel, "", direct=True, private=True)
    if kind == _CHANNEL:
        return Spot(channel, text_in(dict_in(channel_data, "channel"), "name"))
    return Spot(channel, text_in(conversation, "name"), private=True)


def key_of(activity: Payload) -> str:
    """What makes it count once: its id, or when and on which message somebody clicked."""
    known = text_in(activity, "id")
    when = text_in(activity, "timestamp") or text_in(activity, "localTimestamp")
    clicked = (
        f"{text_in(activity, 'replyToId')} {text_in(dict_in(activity, 'from'), 'id')} {when}" if when else ""
    )
    return (known or clicked)[:VALUE]


def _values(sent: Sent, data: Payload) -> dict[str, Value]:
    several, single = _of_kind(sent, "choices", "people", "mark"), _of_kind(sent, "choice", "person")
    values: dict[str, Value] = {}
    for name, value in data.items():
        if name in (OURS, "msteams", "type"):
            continue
        typed = _typed(value)
        if typed == NOTHING and name in single:
            typed = ""  # a choice has a value in Teams, also that of nothing
        if typed is not None:
            values[name[:NAME]] = tuple(filter(None, typed.split(TICKED))) if name in several else typed
    return values


def _of_kind(sent: Sent, *kinds: str) -> set[str]:
    fields = sent.form.fields if sent.form else ()
    return {field.name for field in fields if isinstance(field, Field) and field.kind in kinds}


def _typed(value: Any) -> str | None:
    """What an input sends, as characters: a number input sends a number."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= BIGGEST:
        return None
    return str(int(value)) if value == int(value) else str(value)
