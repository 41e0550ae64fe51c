"""Two items that say the same become one: the votes and evidence of both count, each once; and apart again."""

from handlers.answers import Answer, Buttons, Card, Done, Field, Form, Line, Note, Open, Option
from handlers.becoming import name_anew
from handlers.cards import reference
from handlers.effects import hear_again
from handlers.errors import FieldErrors, Refusal
from handlers.grammar import parse_item_ref
from handlers.items import (
    Ties,
    change,
    changeable,
    check_right,
    found,
    item_of_form,
    recount_evidence,
    tell,
    told,
    unmerge_button,
)
from handlers.kinds import CLOSED, Kind
from handlers.likely import likeliest
from handlers.numbers import numbered
from handlers.text import UserText, plain, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item

OFFERED = 25  # of the likeliest


def ask(turn: Turn) -> Answer:
    """The form to merge an item: the likeliest others of its kind, or a number."""
    item = changeable(turn, turn.request.value())
    near = likeliest(turn, item, (Kind(item.kind),), OFFERED)
    fields: list[Field | Note] = [
        Note(say("merge what", ref=reference(item), words=UserText(short(item.text))))
    ]
    if near:
        options = tuple(Option(f"{reference(one)} {short(one.text)}", one.id) for one in near)
        fields.append(
            Field(name="target", label=word("field merge"), kind="choice", options=options, optional=True)
        )
    label = word("field merge number" if near else "field merge only")
    fields.append(
        Field(name="number", label=label, optional=bool(near), hint=word("hint one number"), longest=40)
    )
    form = Form(
        title=word("form merge item", ref=reference(item)),
        action="item.merge.save",
        submit=word("merge"),
        fields=tuple(fields),
        token=turn.store.new_id(),
        about={"item": item.id},
    )
    return Open(form)


def merge(turn: Turn) -> Answer:
    """The form was sent: the item counts as the other one from now on."""
    item = item_of_form(turn)
    root = _target(turn, item)
    _join(turn, item, root)
    text = say("merged", ref=reference(item), root=reference(root))
    return Done(Card((Line(text), Buttons((unmerge_button(item),))), plain(text)))


def unmerge(turn: Turn) -> Answer:
    """A merged item stands on its own again, with the votes and the evidence that were its own."""
    item = found(turn, turn.request.value())
    check_right(turn, item)
    stage = UserText(turn.store.items.names(item.id).stage)
    if item.root_id is not None:
        part(turn, item, found(turn, item.root_id))
    elif item.removed_at is not None:
        raise Refusal(say("is gone", ref=reference(item)))
    return told(say("unmerged", ref=reference(item), stage=stage))


def _join(turn: Turn, item: Item, root: Item) -> None:
    store = turn.store
    spoken = store.items.speaks_for(item.id) if item.kind == Kind.QUOTE else []
    followers = store.merges.merged(item.id)
    fields = {"removed_at": turn.now, "merged_into": root.id, "root_id": root.id}
    change(turn, item, "merged", fields, Ties({}, {"into": reference(root)}))
    _count_for(turn, [item, *followers], root)
    _recount(turn, root, "absorbed", {}, {"merged": reference(item)})
    for one in spoken:
        recount_evidence(turn, one, {"quote": reference(item)}, {"quote": reference(root)})
    name_anew(turn, root)


def part(turn: Turn, item: Item, root: Item) -> None:
    """The item no longer counts as the root, with what came along when it was merged into that."""
    store = turn.store
    family = store.merges.merged(root.id)
    followers: list[Item] = []
    within = {item.id}
    while more := [one for one in family if one.merged_into in within and one.id not in within]:
        followers += more
        within |= {one.id for one in more}
    fields = {"removed_at": None, "merged_into": None, "root_id": None}
    change(turn, item, "unmerged", fields, Ties({"into": reference(root)}, {}))
    _count_for(turn, [item, *followers], item)
    store.merges.recount(item.id)
    fresh = found(turn, item.id)
    store.items.count_evidence(item.id, fresh.revision)
    _recount(turn, root, "released", {"merged": reference(item)}, {})
    if item.kind == Kind.QUOTE:
        for one in store.items.speaks_for(item.id):
            recount_evidence(turn, one, {}, {"quote": reference(item)})
    for one in (item, root):
        name_anew(turn, one)
    # Where its card never came, it comes now; where it is, what people did there meanwhile is heard.
    store.deliveries.queue_cards(store.new_id, item.id, item.map_id, turn.now)
    for one in (item, *followers):
        hear_again(store, one.id, turn.now)


def _count_for(turn: Turn, items: list[Item], root: Item) -> None:
    """The votes of these items count for the root; what follows the first one names it too."""
    for one in items:
        if one is not items[0]:
            change(turn, one, "followed", {"root_id": root.id})
        turn.store.merges.count_for(one.id, root.id)


def _recount(turn: Turn, root: Item, what: str, before: dict[str, str], after: dict[str, str]) -> None:
    """The root's votes and evidence as they are now, with the history of why."""
    votes = turn.store.merges.recount(root.id)
    if root.removed_at is not None:
        turn.store.items.count_evidence(root.id, root.revision)
        return
    step = turn.store.maps.step(root.map_id, None, turn.now)
    turn.store.items.count_evidence(root.id, step.revision)
    tell(turn, root, step, what, before, after, votes - root.votes)


def _target(turn: Turn, item: Item) -> Item:
    """What the form names: a living, open item of the same kind on the same map; raises FieldErrors."""
    chosen, typed = turn.request.value("target"), turn.request.value("number").strip()
    where, other = "target", None
    if typed:
        where, named = "number", parse_item_ref(typed)
        other = numbered(turn, item.map_id, named) if named else None
    elif chosen:
        other = turn.store.items.get(chosen)
    else:
        raise FieldErrors({"number": word("error merge which")})
    root = found(turn, other.root_id or other.id) if other is not None else None
    if root is None or root.map_id != item.map_id or root.removed_at is not None:
        raise FieldErrors({where: word("error merge gone")})
    if root.id == item.id:
        raise FieldErrors({where: word("error merge same", ref=reference(item))})
    if root.kind != item.kind:
        raise FieldErrors({where: word("error merge kind", ref=reference(root), kind=word(root.kind))})
    if root.status in CLOSED:
        raise FieldErrors({where: word("error merge closed", ref=reference(root))})
    return root
