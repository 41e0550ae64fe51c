"""Thousands of channels, in workspaces of ten each, whose digests all fall due at the same minute; made by SQL."""

from contextlib import closing
from datetime import datetime
from typing import Any, NamedTuple

from bot.playground.slack import SlackStandIn
from storage.database import kind_of
from tests.bench.digests import COUNT, NAMED, plain_driver

CHANNELS = 10  # of each workspace but the first, which has more


class Monday(NamedTuple):
    """So many channels, some of them in one large workspace."""

    channels: int
    large: int

    @property
    def workspaces(self) -> int:
        """The large one, and those of ten channels."""
        return 1 + (self.channels - self.large) // CHANNELS

    def channel(self, number: int) -> str:
        """The platform's id of the channel of that number, from 1; its first seven characters are its workspace's."""
        return f"C{max(0, number - self.large + CHANNELS - 1) // CHANNELS:06}{number:06}"


def workspace_of(channel_id: str) -> str:
    """What tells the workspace of a channel."""
    return channel_id[:7]


def open_channels(slack: SlackStandIn, monday: Monday) -> None:
    """All of them stand in Slack, with the bot in them."""
    for number in range(1, monday.channels + 1):
        slack.add_channel(f"c{number}", monday.channel(number), members=())


def fill(url: str, monday: Monday, logged: datetime, due: datetime) -> None:
    """Each has a map with one pain, logged then, and a digest that is due then, once the clock is told."""
    kind = kind_of(url)
    named = NAMED[kind].format
    digits = ("printf('%06d', {})" if kind == "sqlite" else "lpad(({})::text, 6, '0')").format
    whole = (
        f"(CASE WHEN n <= {monday.large} THEN 0 ELSE (n - {monday.large - CHANNELS + 1}) / {CHANNELS} END)"
    )
    owner, external = named("o", whole), f"'C' || {digits(whole)} || {digits('n')}"
    at, then = (_moment(kind, one) for one in (logged, due))
    each, owners = COUNT[kind].format(monday.channels), COUNT[kind].format(monday.workspaces)
    own = named("o", "n - 1")
    orders = [
        f"""INSERT INTO organisations (id, name, vote_emoji, half_lives, private_maps, all_open, created_at)
        {owners} SELECT {own}, 'acme', '+1', '', 0, false, {at} FROM s""",
        f"""INSERT INTO workspaces (id, organisation_id, platform, external_id, name, created_at)
        {owners} SELECT {named("w", "n - 1")}, {own}, 'slack', {named("T", "n - 1")}, 'acme', {at} FROM s""",
        f"""INSERT INTO places (organisation_id, id, workspace_id, external_id, name, private, created_at)
        {each} SELECT {owner}, {named("p", "n")}, {named("w", whole)}, {external}, 'c', false, {at} FROM s""",
        f"""INSERT INTO maps (organisation_id, id, slug, name, kind, scenario, goal, private, created_at)
        {each} SELECT {owner}, {named("m", "n")}, {named("m", "n")}, 'Map', 'current state', '', '', false, {at}
        FROM s""",
        f"""INSERT INTO counters (organisation_id, map_id, revision, last_at, pain, idea, quote, gain)
        {each} SELECT {owner}, {named("m", "n")}, 1, {at}, 1, 0, 0, 0 FROM s""",
        f"""INSERT INTO bindings (organisation_id, place_id, map_id, noise, from_votes, capture, from_revision,
            bound_at)
        {each} SELECT {owner}, {named("p", "n")}, {named("m", "n")}, 'digest', 0, '', 0, {at} FROM s""",
        f"""INSERT INTO stages (organisation_id, id, map_id, slug, name, position, customer_goal, part, actions,
            thoughts, moment_of_truth)
        {each} SELECT {owner}, {named("s", "n")}, {named("m", "n")}, 'pay', 'Pay', 0, '', '', '', '', false FROM s""",
        f"""INSERT INTO items (organisation_id, map_id, id, kind, number, stage_id, text, status, trust, severity,
            votes, evidence, comments, revision, round, created_at)
        {each} SELECT {owner}, {named("m", "n")}, {named("i", "n")}, 'pain', 1, {named("s", "n")}, 'It hurts',
            'open', 'hypothesis', 'workaround', 0, 0, 0, 1, 0, {at} FROM s""",
        f"""INSERT INTO changes (organisation_id, map_id, revision, at, what, subject, subject_id, version)
        {each} SELECT {owner}, {named("m", "n")}, 1, {at}, 'logged', 'item', {named("i", "n")}, 1 FROM s""",
        f"""INSERT INTO schedules (organisation_id, id, place_id, weekday, at, zone, weeks, anchor, next_at, includes)
        {each} SELECT {owner}, {named("d", "n")}, {named("p", "n")}, {due.weekday()}, '{due:%H:%M}', 'UTC', 1,
            '{due:%Y-%m-%d}', {then}, 'new rising disputed fixed stale gaps' FROM s""",
    ]
    with closing(plain_driver(url)) as driver:
        for order in orders:
            driver.execute(_sql(kind, order))
        driver.commit()
        driver.execute(_sql(kind, "ANALYZE"))


def strike(url: str) -> None:
    """The clock is told: all of them are due."""
    with closing(plain_driver(url)) as driver:
        driver.execute(
            "INSERT INTO due (organisation_id, next_at) SELECT organisation_id, min(next_at) FROM schedules"
            " GROUP BY organisation_id ON CONFLICT (organisation_id) DO UPDATE SET next_at = excluded.next_at"
        )
        driver.commit()


def _sql(kind: str, order: str) -> Any:
    return order.encode() if kind == "postgresql" else order


def _moment(kind: str, at: datetime) -> str:
    return f"'{at:%Y-%m-%d %H:%M:%S.%f}'" if kind == "sqlite" else f"timestamptz '{at.isoformat()}'"
