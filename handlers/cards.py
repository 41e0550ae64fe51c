"""The item card: the projection of an item, the same in every channel and on every platform."""

from datetime import date, datetime
from typing import Any, NamedTuple

from handlers.answers import Button, Buttons, Card, Line, More, Option, Part, Quiet, Title, Words
from handlers.kinds import CLOSED, TRUST_MARK, Kind, Severity, Status, Trust, mark, ref
from handlers.text import Text, UserText, joined, plain, short, theirs
from handlers.words import say, word
from storage.models import Item
from storage.store import Store

TIES = 50  # pains of as many votes that are weighed against each other
URL = 120  # characters of a link that a card shows


class Shown(NamedTuple):
    """A card and the revision of its item that it shows; no card where its message is to be taken back."""

    card: Card | None
    revision: int


def reference(item: Item) -> str:
    """What people call it: P-12."""
    return ref(item.kind, item.number)


def item_card(store: Store, item: Item, now: datetime) -> Shown:
    """The card of an item as it stands; a removed one says by whom, an undone one has none."""
    if item.removed_at is not None:
        return Shown(_merged(store, item) or _removed(store, item), item.revision)
    names = store.items.names(item.id)
    parts: list[Part] = [
        Title(_title(item, names.stage)),
        Words(theirs(item.text), quoted=item.kind == Kind.QUOTE),
    ]
    if said := speaker(item):
        parts.append(Quiet(said))
    if item.reason and item.status == Status.DECLINED:
        parts.append(Quiet(say("item reason", reason=UserText(item.reason))))
    links = store.items.links(item.id)
    parts.append(Quiet(facts(store, item, links, names.owner, names.author, now)))
    if pages := [_page(link) for link in links if link.url]:
        parts.append(Quiet(joined(pages)))
    parts.append(_buttons(item))
    words = UserText(short(item.text))
    summary = word("item summary", ref=reference(item), stage=UserText(names.stage), words=words)
    return Shown(Card(tuple(parts), summary), item.revision)


def _page(link: Any) -> Text:
    url = UserText(short(link.url, URL))
    return say("item link gone", url=url) if link.kind == "gone" else say("item link", url=url)


def speaker(item: Item) -> Text:
    """Who said it, or from whom it was heard: name, role, account, as far as they are known."""
    known = [part for part in (item.speaker, item.speaker_role, item.speaker_account) if part]
    if not known:
        return ()
    return say("speaker" if item.kind == Kind.QUOTE else "heard from", name=UserText(", ".join(known)))


def worth(item: Item) -> str:
    """What an item is worth, in a word or two: severity, or where an idea stands."""
    if item.kind == Kind.PAIN:
        return word(item.severity or "trivial")
    if item.kind == Kind.IDEA:
        if item.status == Status.NEW and item.value and item.effort:
            return word(quadrant(item.value, item.effort))
        return word(f"status {item.status}")
    return ""


def quadrant(value: int, effort: int) -> str:
    """Quick win, big bet, maybe or time sink; 3 counts as low on both scales of 1 to 5."""
    if value > 3:
        return "big bet" if effort > 3 else "quick win"
    return "time sink" if effort > 3 else "maybe"


def facts(
    store: Store, item: Item, links: list[Any], owner: str | None, author: str | None, now: datetime
) -> Text:
    """The quiet line: votes, where they come from, evidence, trust, and who looks after it."""
    line = [say("item votes", n=item.votes)]
    backed = item.evidence if item.kind in (Kind.PAIN, Kind.IDEA) else 0
    if backed:
        customers = store.items.customers(item.id)
        line += [say("accounts", n=customers)] if customers else []
    if item.votes:
        teams = store.items.teams(item.id)
        line += [say("teams", n=teams)] if teams else []
    if backed:
        line.append(say("quotes", n=backed))
    if item.comments:
        line.append(say("comments", n=item.comments))
    if item.kind == Kind.QUOTE and item.sentiment is not None:
        line.append(say("sentiment", value=f"{item.sentiment:+d}".replace("-", "−")))
    if item.touchpoint:
        line.append(say("item at", touchpoint=UserText(item.touchpoint)))
    if item.reach:
        line.append(_reach(item))
    if item.value and item.effort:
        line.append(say("item value", value=item.value, effort=item.effort))
    if item.kind == Kind.IDEA and (answered := answers(links)):
        line.append(say("item answers", refs=", ".join(answered)))
    if item.status != Status.DECLINED:  # nobody asks whether that is still wanted
        line.append(trust(item, now))
    if item.due_on and item.status not in CLOSED:
        line.append(say("item due", date=day(item.due_on)))
    if owner:
        line.append(say("item owner", name=UserText(owner)))
    elif author:
        line.append(say("item author", name=UserText(author)))
    else:
        line.append(say("item anonymous"))
    return joined(line)


def answers(links: list[Any]) -> list[str]:
    """The living pains that an idea answers, as people call them."""
    tied = [
        (link.other_kind, link.other_number)
        for link in links
        if link.kind == "answers" and link.other_kind == Kind.PAIN
    ]
    return [ref(kind, number) for kind, number in sorted(set(tied))]


def trust(item: Item, now: datetime) -> Text:
    """One mark and one word."""
    if item.trust == Trust.CONFIRMED and item.confirmed_at:
        return say("confirmed when", when=ago(item.confirmed_at, now))
    return trust_in_words(item.trust)


def trust_in_words(trusted: str) -> Text:
    """The mark and the word of a trust."""
    return say("trust", mark=TRUST_MARK[Trust(trusted)], word=say(trusted))


def ago(at: datetime, now: datetime) -> Text:
    """Today, yesterday, or how many days ago."""
    days = (now - at).days
    if days < 1:
        return say("today")
    return say("yesterday") if days == 1 else say("days ago", n=days)


def worst_pain(store: Store, map_id: str) -> Item | None:
    """What hurts most: most votes, then the heaviest, then the newest."""
    top = store.items.open(map_id, kind=Kind.PAIN.value, most=TIES)
    heaviness = {severity.value: rank for rank, severity in enumerate(Severity)}
    return max(
        top, key=lambda item: (item.votes, heaviness.get(item.severity or "", 0), item.number), default=None
    )


def day(on: date) -> str:
    """A day as people write it: 23 Nov."""
    return f"{on.day} {word(f'month {on.month}')}"


def _title(item: Item, stage: str) -> Text:
    values = {"mark": mark(item.kind, item.severity), "ref": reference(item), "stage": UserText(stage)}
    if what := worth(item):
        return say("item title worth", worth=what, **values)
    return say("item title", **values)


def _reach(item: Item) -> Text:
    if item.reach_source:
        return say("item reach source", n=item.reach or 0, source=UserText(item.reach_source))
    return say("item reach", n=item.reach or 0)


def _buttons(item: Item) -> Buttons:
    """Verbs first; the menu holds what is done most, and *More* everything else: Slack's takes five."""
    menu = []
    if item.status in CLOSED:
        menu.append(Option(word("reopen"), f"item.reopen {item.id}"))
    elif item.kind == Kind.IDEA:
        menu.append(Option(word("do status"), f"item.status {item.id}"))
    elif item.kind == Kind.PAIN:
        menu.append(Option(word("resolve"), f"item.resolve {item.id}"))
    if item.status not in CLOSED:
        menu.append(Option(word("check"), f"check.ask {item.id}"))
        menu.append(Option(word("merge…"), f"item.merge {item.id}"))
    menu.append(Option(word("more…"), f"item.show {item.id}"))
    menu.append(Option(word("remove"), f"item.remove {item.id}"))
    buttons = [Button(word("vote"), "vote", item.id, style="primary")]
    if item.kind in (Kind.PAIN, Kind.IDEA):
        buttons.append(Button(word("add evidence"), "item.evidence", item.id))
    buttons.append(Button(word("edit"), "item.edit", item.id))
    return Buttons((*buttons, More(tuple(menu))))


def _merged(store: Store, item: Item) -> Card | None:
    """Where a merged item went; its buttons act there. none where it was not merged."""
    root = store.items.get(item.root_id) if item.root_id else None
    if root is None:
        return None
    gone = root.removed_at is not None
    text = say("merged card gone" if gone else "merged card", ref=reference(item), root=reference(root))
    vote = Button(word("vote"), "vote", item.id, style="primary")
    buttons = (
        *(() if gone else (vote,)),
        Button(word("show item", ref=reference(root)), "item.show", root.id),
        Button(word("unmerge"), "item.unmerge", item.id, confirm=word("unmerge sure", ref=reference(item))),
    )
    words = Quiet(theirs(short(item.text)))
    return Card((Line(text), words, Buttons(buttons)), plain(text))


def _removed(store: Store, item: Item) -> Card | None:
    last = store.history.at(item.map_id, item.revision)  # nothing changes a removed item
    if last is not None and last.what == "undone":
        return None
    person = store.people.get(last.actor_id) if last is not None and last.actor_id else None
    text = say("removed card", ref=reference(item), name=UserText(person.name if person else "?"))
    return Card(
        (Quiet(text), Buttons((Button(word("restore"), "item.restore", item.id),))),
        plain(text),
    )
