"""What is chosen on somebody's message in Teams, translated once into a request: `composeExtension/fetchTask`.

https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/action-commands/create-task-module
"""

import html
import re

from bot.payloads import Payload, cleaned, dict_in, text_in
from bot.teams_payloads import actor_of, key_of, spot_of
from handlers.request import Request

ADD_MESSAGE = "add_to_map"  # the command in the app package
MARKUP, LINK = 100_000, 2_000
_BLOCKS = {"p", "div", "br", "li", "tr", "blockquote", "pre", "h1", "h2", "h3", "hr"}
_UNSEEN = {"script", "style", "head", "title", "template"}
_SPACE = re.compile(r"[ \t\r\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_PIECE = re.compile(r"<!--|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]{0,15})(?:[\s/][^<>]{0,2500})?>|[^<]+|<")
_ATTRIBUTES = {
    name: re.compile(rf"""\s{name}=("[^"]*"|'[^']*')""", re.IGNORECASE) for name in ("href", "alt")
}


def message_action(activity: Payload) -> Request | None:
    """ "Add to journey map" was chosen on a message: its words, its link, and who wrote it."""
    value = dict_in(activity, "value")
    message = dict_in(value, "messagePayload")
    actor, spot, key = actor_of(activity), spot_of(activity), key_of(activity)
    if actor is None or spot is None or not key or not message or text_in(value, "commandId") != ADD_MESSAGE:
        return None
    body, author = dict_in(message, "body"), dict_in(dict_in(message, "from"), "user")
    mine = text_in(author, "id") in (actor.user, text_in(dict_in(activity, "from"), "id"))
    content, link = text_in(body, "content")[:MARKUP], text_in(message, "linkToMessage")
    return Request(
        actor=actor,
        spot=spot,
        action="message.add",
        key=f"c:{key}",
        surface="click",
        values={
            "text": content.strip() if text_in(body, "contentType") == "text" else as_read(content),
            "link": link if link.startswith("https://") and len(link) <= LINK else "",
            "speaker": "" if mine else text_in(author, "displayName"),
        },
        message=text_in(message, "id"),
    )


def as_read(markup: str) -> str:
    """A message's words as people read them: no markup, no style, the address after the words of a link.

    Read in one go, as Python's own reader takes minutes for what was written to keep it busy.
    """
    words: list[str] = []
    links: list[tuple[str, int]] = []
    at, unseen = 0, 0
    while found := _PIECE.match(markup, at):
        at, tag = found.end(), found["tag"]
        if found[0] == "<!--":
            end = markup.find("-->", at)
            at = end + 3 if end >= 0 else len(markup)
        elif not tag:
            plain = html.unescape(_SPACE.sub(" ", found[0]))
            between = plain == " " and (not words or words[-1] == "\n")
            words += [] if unseen or between else [plain]
        elif tag.lower() in _UNSEEN:
            unseen = max(0, unseen + (-1 if found["close"] else 1))
        elif not unseen:
            _read_tag(tag.lower(), found, words, links)
    read = cleaned("".join(words)).replace("\u00a0", " ")
    return _EMPTY_LINES.sub("\n\n", "\n".join(line.strip() for line in read.split("\n"))).strip()


def _read_tag(tag: str, found: re.Match[str], words: list[str], links: list[tuple[str, int]]) -> None:
    if tag in _BLOCKS:
        if words and not words[-1].endswith("\n"):
            words.append("\n")
    elif tag == "a" and not found["close"]:
        links.append((_attribute(found[0], "href"), len(words)))
    elif tag == "a" and links:
        address, begun = links.pop()
        label = "".join(words[begun:]).strip()
        if address.startswith(("https://", "http://")) and address.rstrip("/") != label.rstrip("/"):
            words.append(f" ({address})" if label else address)
    elif tag in ("img", "emoji"):
        words.append(_attribute(found[0], "alt"))


def _attribute(tag: str, name: str) -> str:
    found = _ATTRIBUTES[name].search(tag)
    return html.unescape(found[1].strip("\"'")) if found else ""
