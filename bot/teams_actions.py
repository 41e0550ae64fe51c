"""What is chosen on somebody's message in Teams, translated once into a request: `composeExtension/fetchTask`.

https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/action-commands/create-task-module
"""

import re
from html.parser import HTMLParser

from bot.payloads import Payload, cleaned, dict_in, text_in
from bot.teams_payloads import actor_of, key_of, spot_of
from handlers.request import Request

ADD_MESSAGE = "add_to_map"  # the command in the app package
MARKUP, LINK = 100_000, 2_000
_BLOCKS = {"p", "div", "br", "li", "tr", "blockquote", "pre", "h1", "h2", "h3", "hr"}
_UNSEEN = {"script", "style", "head", "title", "template"}
_EMPTY_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")


def message_action(activity: Payload) -> Request | None:
    """ "Add to journey map" was chosen on a message: its words, its link, and who wrote it."""
    value = dict_in(activity, "value")
    message = dict_in(value, "messagePayload")
    actor, spot, key = actor_of(activity), spot_of(activity), key_of(activity)
    if actor is None or spot is None or not key or not message or text_in(value, "commandId") != ADD_MESSAGE:
        return None
    body, author = dict_in(message, "body"), dict_in(dict_in(message, "from"), "user")
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
            "speaker": "" if text_in(author, "id") == actor.user else text_in(author, "displayName"),
        },
        message=text_in(message, "id"),
    )


def as_read(markup: str) -> str:
    """A message's words as people read them: no markup, no style, the address after the words of a link."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return _EMPTY_LINES.sub("\n\n", cleaned("".join(reader.words)).replace("\u00a0", " ")).strip()


class _Reader(HTMLParser):
    """Collects what would be seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BLOCKS:
            self._break()
        elif tag == "a":
            self._links.append((known.get("href", ""), len(self.words)))
        elif tag in ("img", "emoji") and known.get("alt"):
            self._write(known["alt"])

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS:
            self._break()
        elif tag == "a" and self._links:
            address, begun = self._links.pop()
            label = "".join(self.words[begun:]).strip()
            if address.startswith(("https://", "http://")) and address.rstrip("/") != label.rstrip("/"):
                self._write(f" ({address})" if label else address)

    def handle_data(self, data: str) -> None:
        # What is written over several lines of HTML is one line to read.
        self._write(re.sub(r"[ \t\r\n]+", " ", data))

    def _break(self) -> None:
        if self.words and not self.words[-1].endswith("\n"):
            self._write("\n")

    def _write(self, words: str) -> None:
        if not self._unseen:
            self.words.append(words)
