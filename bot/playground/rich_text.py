"""The rich_text block: sections, lists, quotes and preformatted text, and what may stand in them."""

from bot.playground.compositions import BLOCK_ID, LINK
from bot.playground.schema import Rule, boolean, by_type, listed, one_of, shaped, string, whole

LETTERS = dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean)
MARKED = dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink"), boolean)


def part(kind: str, needed: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    """One element inside a line of rich text."""
    return shaped({"type": one_of(kind), **needed}, optional)


TEXT = part("text", {"text": string(1)}, {"style": shaped({}, LETTERS)})
ADDRESS = part("link", {"url": LINK}, {"text": string(0), "unsafe": boolean, "style": shaped({}, LETTERS)})
INLINE: dict[str, Rule] = {
    "text": TEXT,
    "link": ADDRESS,
    "emoji": part(
        "emoji",
        {"name": string(1)},
        {"unicode": string(1), "skin_tone": whole(1, 6), "style": shaped({}, LETTERS)},
    ),
    "user": part("user", {"user_id": string(1)}, {"style": shaped({}, MARKED)}),
    "channel": part("channel", {"channel_id": string(1)}, {"style": shaped({}, MARKED)}),
    "usergroup": part("usergroup", {"usergroup_id": string(1)}, {"style": shaped({}, MARKED)}),
    "broadcast": part("broadcast", {"range": one_of("here", "channel", "everyone")}),
    "color": part("color", {"value": string(1)}),
    "date": part("date", {"timestamp": whole(0), "format": string(1)}, {"url": LINK, "fallback": string(1)}),
}
LINE = listed(by_type(INLINE), 0)
SECTION = part("rich_text_section", {"elements": LINE})
BORDER: dict[str, Rule] = {"border": whole(0, 1)}

RICH_TEXT: Rule = shaped(
    {
        "type": one_of("rich_text"),
        "elements": listed(
            by_type(
                {
                    "rich_text_section": SECTION,
                    "rich_text_quote": part("rich_text_quote", {"elements": LINE}, BORDER),
                    "rich_text_preformatted": part(
                        "rich_text_preformatted",
                        {"elements": listed(by_type({"text": TEXT, "link": ADDRESS}), 0)},
                        BORDER,
                    ),
                    "rich_text_list": part(
                        "rich_text_list",
                        {
                            "style": one_of("bullet", "ordered"),
                            "elements": listed(by_type({"rich_text_section": SECTION}), 1),
                        },
                        {"indent": whole(0, 8), "offset": whole(0), **BORDER},
                    ),
                }
            ),
            1,
        ),
    },
    {"block_id": BLOCK_ID},
)
