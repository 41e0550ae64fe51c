"""A message of Teams becomes an item by its menu: "Add to journey map", the filled form, done."""

import time
from typing import Any

import pytest

from bot.teams_actions import as_read
from tests.peek import rows
from tests.teams_stand_in import CHANNEL, in_dialog, shown
from tests.test_teams import Both, both

__all__ = ["both"]

LINK = "https://teams.microsoft.com/l/message/19:product@thread.tacv2/1700"


def message(content: str, by: str = "cleo", **more: Any) -> dict[str, Any]:
    """A message as Teams hands it over."""
    author = {"userIdentityType": "aadUser", "id": f"aad-{by}", "displayName": by.title()}
    body = {"contentType": "html", "content": content}
    return {"id": "1700", "linkToMessage": LINK, "from": {"user": author}, "body": body, **more}


async def test_a_message_becomes_an_item_with_its_words_its_link_and_who_wrote_it(both: Both) -> None:
    await both.teams_map()
    written = message("<div><p>Guests &lt;wait&gt; &amp; leave before they can <b>pay</b></p></div>")
    opened = await both.teams.act_on("ben", written)
    assert opened["task"]["value"]["title"] == "Add to journey map"
    done = await both.teams.submit("ben", opened, invoke="composeExtension/submitAction")
    assert "Got it: P-1 on Pay" in in_dialog(done)
    await both.teams.until(lambda: len(both.teams.in_channel()) == 2)
    card = shown(both.teams.in_channel()[1]["activity"])
    assert "Guests <wait> & leave before they can pay" in card
    assert "heard from Cleo" in card
    assert LINK in str(rows(both, "SELECT * FROM links"))
    again = await both.teams.act_on("cleo", written)
    assert "on the map already: P-1" in in_dialog(again)


async def test_what_is_wrong_in_the_form_is_said_there_and_nothing_typed_is_lost(both: Both) -> None:
    await both.teams_map()
    opened = await both.teams.act_on("ben", message("Nobody to pay at the door"))
    wrong = await both.teams.submit("ben", opened, invoke="composeExtension/submitAction", link="ticket 4711")
    assert "Almost there" in in_dialog(wrong)
    assert "ticket 4711" in str(wrong)
    assert rows(both, "SELECT id FROM items") == []


async def test_in_a_chat_without_us_it_works_and_nothing_is_ever_sent_there(both: Both) -> None:
    await both.teams_map()
    chat = "19:ben_and_dana@unq.gbl.spaces"
    conversation = {"id": chat, "conversationType": "personal", "tenantId": "tenant-1"}
    value = {"commandId": "add_to_map", "commandContext": "message", "messagePayload": message("No prices")}
    fetched = both.teams.activity(
        "ben", None, type="invoke", name="composeExtension/fetchTask", value=value, conversation=conversation
    )
    status, opened = await both.teams.post(fetched)
    assert status == 200
    stage = rows(both, "SELECT id FROM stages ORDER BY position")[0]["id"]
    data = {**opened["task"]["value"]["card"]["content"]["actions"][0]["data"], "kind": "idea"}
    data |= {"stage": stage, "text": "Print the prices"}
    sent = both.teams.activity(
        "ben",
        None,
        type="invoke",
        name="composeExtension/submitAction",
        value={"data": data},
        conversation=conversation,
    )
    assert "Got it" in in_dialog((await both.teams.post(sent))[1])
    await both.teams.until(lambda: len(both.teams.in_channel()) == 2)
    await both.teams.say("ben", "help", CHANNEL)
    await both.teams.until(lambda: both.teams.to("ben"))
    assert not any(one["conversation"] == chat for one in both.teams.sent)


async def test_without_a_map_one_learns_how_to_start_one(both: Both) -> None:
    assert "There are no maps yet." in in_dialog(await both.teams.act_on("ben", message("No prices")))


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"),
        ('<a href="https://acme.example/x">the report</a>', "the report (https://acme.example/x)"),
        ('<a href="https://acme.example">https://acme.example</a>', "https://acme.example"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ('<at id="0">Dana</at> said &quot;no&quot;&nbsp;&#x1F642;', 'Dana said "no" 🙂'),
        ('<img alt="🙂" src="x" onerror="alert(1)"><emoji alt="👍"></emoji>', "🙂👍"),
        ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
        ("<ul>\n<li>first</li>\n<li>second</li></ul>", "first\nsecond"),
        ("5 < 7 & 8 > 3", "5 < 7 & 8 > 3"),
        ("<p>never closed <b>bold", "never closed bold"),
    ],
)
def test_a_message_is_read_as_people_see_it(markup: str, words: str) -> None:
    assert "\n".join(line.strip() for line in as_read(markup).split("\n")) == words


@pytest.mark.parametrize("piece", ["<", "<a", "<!--", "<![CDATA[", "&#", "</", "<a href='", "<p>" * 3])
def test_no_message_keeps_us_reading(piece: str) -> None:
    began = time.perf_counter()
    as_read(piece * (100_000 // len(piece)))
    assert time.perf_counter() - began < 2
