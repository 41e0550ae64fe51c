"""A thousand payloads that are not quite Slack's: each gets a plain answer, and none touches what is another's."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp

from bot.playground.reading import plain
from tests.peek import count, hurry, places, post, rows, signed, with_value
from tests.peek import kept as seen
from tests.test_slack_http import encoded, filled
from tests.world import World

SAMPLES = Path(__file__).parents[2] / "shared" / "data" / "slack-payloads"  # beside the project, where kept
VARIATIONS = 1_000
STRANGERS = {"id": "T0STRANGE", "domain": "strangers"}
SOMEBODY = {"id": "U0SOMEBODY", "username": "somebody", "name": "somebody", "team_id": STRANGERS["id"]}
MESSAGE = {
    "type": "message",
    "user": SOMEBODY["id"],
    "ts": "1700000000.000100",
    "text": "the card was declined",
}
VIEW = {
    "id": "V0VIEW",
    "type": "modal",
    "callback_id": "log.form",
    "private_metadata": json.dumps({"token": "t", "about": {"kind": "pain", "map": "m"}, "where": {}}),
    "state": {"values": {"text": {"value": {"type": "plain_text_input", "value": "slow"}}}},
    "hash": "1.abc",
}
INTERACTION = {
    "team": STRANGERS,
    "user": SOMEBODY,
    "api_app_id": "A0APP",
    "token": "verification",
    "trigger_id": "17.17.abc",
    "response_url": "http://127.0.0.1:9/actions",
}
EVENTS: tuple[dict[str, Any], ...] = (
    {
        "type": "reaction_added",
        "user": SOMEBODY["id"],
        "reaction": "+1",
        "item": {"type": "message", "channel": "C0PLACE", "ts": MESSAGE["ts"]},
        "event_ts": "1700000001.000100",
    },
    {
        "type": "reaction_removed",
        "user": SOMEBODY["id"],
        "reaction": "+1::skin-tone-3",
        "item": {"type": "message", "channel": "C0PLACE", "ts": MESSAGE["ts"]},
        "event_ts": "1700000002.000100",
    },
    {"type": "app_home_opened", "user": SOMEBODY["id"], "channel": "D0HOME", "tab": "home", "view": VIEW},
    {"type": "app_uninstalled"},
    {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}},
    {"type": "member_joined_channel", "user": SOMEBODY["id"], "channel": "C0PLACE", "channel_type": "C"},
    {"type": "member_left_channel", "user": SOMEBODY["id"], "channel": "C0PLACE", "channel_type": "C"},
    {"type": "member_left_channel", "user": SOMEBODY["id"], "channel": "C0PLACE", "channel_type": "C"},
    {"type": "channel_rename", "channel": {"id": "C0PLACE", "name": "place", "created": 1}},
    {"type": "channel_archive", "channel": "C0PLACE", "user": SOMEBODY["id"]},
    {"type": "channel_deleted", "channel": "C0PLACE"},
    {"type": "user_change", "user": {**SOMEBODY, "deleted": True}},
    {
        "type": "link_shared",
        "user": SOMEBODY["id"],
        "channel": "C0PLACE",
        "links": [{"url": "https://example.com"}],
    },
    {**MESSAGE, "channel": "D0DIRECT", "channel_type": "im"},
)
SHAPES: tuple[dict[str, Any], ...] = (
    {
        "token": "verification",
        "team_id": STRANGERS["id"],
        "team_domain": "strangers",
        "channel_id": "C0PLACE",
        "channel_name": "place",
        "user_id": SOMEBODY["id"],
        "user_name": "somebody",
        "command": "/pain",
        "text": "pay: the card was declined",
        "trigger_id": "17.17.abc",
        "response_url": "http://127.0.0.1:9/commands",
    },
    *(
        {
            **INTERACTION,
            "type": "block_actions",
            "channel": {"id": "C0PLACE", "name": "place"},
            "container": {"type": "message", "message_ts": MESSAGE["ts"], "channel_id": "C0PLACE"},
            "message": MESSAGE,
            "actions": [clicked],
        }
        for clicked in (
            {"action_id": "vote|0", "type": "button", "value": "item", "block_id": "b", "action_ts": "1.1"},
            {"action_id": "list.stage|1", "type": "static_select", "selected_option": {"value": "stage"}},
            {"action_id": "more|2", "type": "overflow", "selected_option": {"value": "item.remove item"}},
        )
    ),
    {**INTERACTION, "type": "view_submission", "view": VIEW},
    {**INTERACTION, "type": "view_closed", "view": VIEW, "is_cleared": False},
    {
        **INTERACTION,
        "type": "message_action",
        "callback_id": "add_to_map",
        "channel": {"id": "C0PLACE", "name": "place"},
        "message": MESSAGE,
        "message_ts": MESSAGE["ts"],
    },
    {**INTERACTION, "type": "shortcut", "callback_id": "add_to_map"},
    {**INTERACTION, "type": "block_suggestion", "action_id": "stage|0", "block_id": "b", "value": "pa"},
    *(
        {
            "token": "verification",
            "team_id": STRANGERS["id"],
            "api_app_id": "A0APP",
            "type": "event_callback",
            "event": event,
            "event_id": "Ev0STRANGE",
            "event_time": 1_700_000_000,
            "authorizations": [{"team_id": STRANGERS["id"], "user_id": "U0BOT", "is_bot": True}],
        }
        for event in EVENTS
    ),
)
ODD: tuple[Any, ...] = (
    *(
        None,
        0,
        -1,
        1.5,
        10**30,
        True,
        "",
        " ",
        "no_such_type",
        "x" * 5_000,
        "\x00\ud800",
        "<!channel>",
        "🗺️" * 99,
    ),
    *([], {}, [None], [[]], [{}], {"id": None}, {"x": {"y": []}}, [1, "2", {}]),
)
OURS = ("maps", "stages", "items", "votes", "changes", "bindings", "posts", "people", "places", "workspaces")


async def test_a_thousand_odd_payloads_get_a_plain_answer_and_touch_nothing_of_ours(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    await world.slack.react("ben", card, "+1")
    hurry(world)
    await world.until(lambda: "▲ 1" in plain(card))
    await seen(world, "SELECT 1 FROM posts WHERE subject = 'item' AND shown = (SELECT revision FROM items)")
    ours = rows(world, "SELECT id FROM organisations")[0]["id"]
    before = kept(world, ours)
    chance = random.Random(2_026)
    payloads = [*SHAPES, *samples()]
    answered: dict[int, int] = {}
    async with aiohttp.ClientSession() as session:
        for number in range(VARIATIONS):
            payload = varied(copy.deepcopy(payloads[number % len(payloads)]), chance)
            body, kind = encoded(payload)
            status, text = await post(world, body, signed(world, body, kind), session=session)
            assert status == 200 or 400 <= status < 500, (
                f"{status} {text[:200]} for {json.dumps(payload)[:2_000]}"
            )
            answered[status] = answered.get(status, 0) + 1
    assert answered[200] > VARIATIONS // 2, "what one does not understand is taken, or Slack stops sending"
    assert kept(world, ours) == before
    assert count(world, "items") == 1, "nobody but us has a map to log on"
    reply = await world.slack.command("ben", "product", "/pain", "pay: and once more")
    assert "Got it: P-2 on Pay." in reply.text


def samples() -> Iterator[dict[str, Any]]:
    """Slack's own samples with something in their empty places; the shapes above stand in where they are not kept."""
    for path in sorted(SAMPLES.glob("*.json")):
        sample = filled(json.loads(path.read_text()))
        for name, foreign in (("team_id", STRANGERS["id"]), ("team", STRANGERS)):
            if name in sample:
                sample[name] = foreign
        yield sample


def varied(payload: Any, chance: random.Random) -> Any:
    """The payload with up to four of its values left out, emptied, turned into another type, or joined by a new one."""
    for _ in range(chance.randint(1, 4)):
        path = chance.choice([path for path in places(payload) if path] or [()])
        if not path:
            break
        if chance.random() < 0.35:
            payload = without(payload, path)
        elif chance.random() < 0.2 and isinstance(payload, dict):
            payload = {**payload, f"new_field_{chance.randint(0, 9)}": chance.choice(ODD)}
        else:
            payload = with_value(payload, path, chance.choice(ODD))
    # Whatever else is wrong with it, it is not from our workspace.
    return payload if "T0ACME" not in json.dumps(payload) else SHAPES[0]


def without(value: Any, path: tuple[Any, ...]) -> Any:
    """A copy of a piece of JSON in which one value is missing."""
    copied = copy.copy(value)
    if len(path) == 1:
        del copied[path[0]]
    else:
        copied[path[0]] = without(copied[path[0]], path[1:])
    return copied


def kept(world: World, organisation: str) -> dict[str, list[dict[str, Any]]]:
    """All that our organisation has."""
    return {
        table: sorted(
            rows(world, f"SELECT * FROM {table} WHERE organisation_id = ?", organisation),
            key=lambda row: str(row),
        )
        for table in OURS
    }
