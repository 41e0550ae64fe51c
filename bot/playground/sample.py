"""The sample organisation: a small group of restaurants, five people, and eight weeks of one journey map."""

from typing import NamedTuple

from bot.playground.slack import SlackStandIn

TEAM_ID, DOMAIN, TEAM_NAME = "T0OSTERIA", "osteria-nove", "Osteria Nove"
HOME_ROOM = "customer-journey"
MAP_NAME = "Dinner with friends"


class Say(NamedTuple):
    """Somebody writes a message, perhaps in the thread under an item's card."""

    who: str
    room: str
    text: str
    under: str = ""


class Log(NamedTuple):
    """Somebody logs a line; it becomes `ref`."""

    who: str
    ref: str
    line: str


class Heard(NamedTuple):
    """Somebody fills the form of a quote; it becomes `ref`."""

    who: str
    ref: str
    values: dict[str, str]


class Vote(NamedTuple):
    """People react to an item's card."""

    ref: str
    people: str
    emoji: str = "+1"


class Change(NamedTuple):
    """Somebody edits an item in its form."""

    who: str
    ref: str
    values: dict[str, str]


class Answered(NamedTuple):
    """Somebody says on a card whether it is still true: `Still true` or `Fixed`."""

    who: str
    ref: str
    answer: str


class Fixed(NamedTuple):
    """Somebody marks an item as fixed."""

    who: str
    ref: str


Deed = Say | Log | Heard | Vote | Change | Answered | Fixed


class Moment(NamedTuple):
    """So many days ago, at that time, these things happen one after the other."""

    days: int
    at: str
    deeds: tuple[Deed, ...]


def people(slack: SlackStandIn, zone: str) -> None:
    """The people and channels of the sample organisation, in an empty workspace."""
    slack.world.team_name = TEAM_NAME
    slack.add_person("lea", real_name="Lea Brandt", title="product", owner=True, tz=zone)
    slack.add_person("ben", real_name="Ben Okafor", title="support", tz=zone)
    slack.add_person("chen", real_name="Chen Liu", title="operations", tz=zone)
    slack.add_person("dana", real_name="Dana Rossi", title="sales", tz=zone)
    slack.add_person("emil", real_name="Emil Novak", title="front of house", tz=zone)
    slack.add_channel(HOME_ROOM, "C0JOURNEY", topic="What our guests live through, stage by stage", bot=False)
    slack.add_channel("support", "C0SUPPORT", topic="Guests who write or call")
    slack.add_channel("product", "C0PRODUCT", topic="Booking, menu and pay-at-table", bot=False)
    for person in list(slack.world.people.values()):
        if not person.bot:
            person.display = person.real_name.split()[0]
            slack.direct(person)


def _quote(
    stage: str, text: str, said: tuple[str, str, str], sentiment: str, evidence: str
) -> dict[str, str]:
    speaker, account, role = said
    known = {"stage": stage, "text": text, "speaker": speaker, "account": account, "role": role}
    return {
        name: value
        for name, value in {**known, "sentiment": sentiment, "evidence": evidence}.items()
        if value
    }


FIRST_DAY = 54
STORY = (
    Moment(
        53,
        "11:30",
        (
            # Nobody speaks of it again: by today it is stale, and so is its stage.
            Log(
                "emil",
                "P-1",
                "/pain return: The thank-you mail comes in the night, and people unsubscribe !abandon",
            ),
            Vote("P-1", "dana"),
        ),
    ),
    Moment(
        20,
        "10:02",
        (
            Say(
                "lea",
                HOME_ROOM,
                "From today we keep the map here, not in slides. If a guest tells you something, log it.",
            ),
            Log("ben", "P-2", "/pain book: No table for six online, groups have to call !workaround"),
        ),
    ),
    Moment(
        20,
        "15:40",
        (
            Log(
                "dana",
                "Q-1",
                "/quote book: “Groups over four, please call. I was calling.” — Eva Martin, Studio Nord",
            ),
        ),
    ),
    Moment(
        19,
        "11:20",
        (Log("chen", "P-3", "/pain eat: Plates for one table come ten minutes apart !workaround"),),
    ),
    Moment(
        19,
        "14:05",
        (
            Log("emil", "G-1", "/gain arrive: The host knows regulars by name"),
            Vote("P-2", "lea dana emil"),
            Vote("P-3", "emil"),
        ),
    ),
    Moment(
        18,
        "09:48",
        (
            Log("ben", "P-4", "/pain pay: Card declined twice for valid cards !abandon"),
            Say("ben", HOME_ROOM, "Third time this week, always in the garden.", "P-4"),
            Change(
                "ben",
                "P-4",
                {"touchpoint": "Card terminal", "reach": "40", "reach_source": "calls in October"},
            ),
            Vote("P-4", "lea chen dana"),
        ),
    ),
    Moment(17, "17:30", (Log("emil", "P-5", "/pain order: The allergen list is from spring !abandon"),)),
    Moment(
        16,
        "10:15",
        (
            Log("lea", "I-1", "/idea book: Show free tables for six and more online"),
            Vote("I-1", "ben dana emil"),
        ),
    ),
    Moment(
        15,
        "16:12",
        (
            Say(
                "ben",
                "support",
                "A guest on the phone: “We waited longer to pay than to eat.” She was laughing, but still.",
            ),
            Heard(
                "dana",
                "Q-2",
                _quote(
                    "Pay",
                    "We waited longer to pay than to eat.",
                    ("Jonas Weber", "Lindenhof", "books for the office"),
                    "-2",
                    "P-4",
                ),
            ),
        ),
    ),
    Moment(
        14,
        "12:00",
        (
            Log(
                "chen", "P-6", "/pain arrive: The waiting list lives on paper, guests are skipped !workaround"
            ),
        ),
    ),
    Moment(
        13,
        "10:30",
        (
            Vote("P-5", "ben dana"),
            Vote("P-6", "emil", "fire"),
            Log("ben", "I-2", "/idea pay: Split the bill by phone, at the table"),
        ),
    ),
    Moment(12, "18:20", (Vote("I-2", "lea chen dana emil"),)),
    Moment(
        11,
        "11:11",
        (Log("emil", "P-7", "/pain order: The menu by QR code does not load in the garden !workaround"),),
    ),
    Moment(
        10,
        "09:25",
        (
            Log("lea", "G-2", "/gain eat: The crust. Every third review names it"),
            Vote("G-2", "emil ben", "heart"),
        ),
    ),
    Moment(
        9,
        "13:37",
        (
            Heard(
                "dana",
                "Q-3",
                _quote(
                    "Order",
                    "“I think there are none in it” is not an answer.",
                    ("Amira Haddad", "Acme", "team dinner"),
                    "-2",
                    "P-5",
                ),
            ),
        ),
    ),
    Moment(
        8,
        "15:10",
        (
            Say("chen", HOME_ROOM, "New terminals since yesterday. I cannot reproduce it any more.", "P-4"),
            Answered("chen", "P-4", "Fixed"),
            Say("ben", HOME_ROOM, "Still twice on Saturday, table 12 and the bar.", "P-4"),
            Answered("ben", "P-4", "Still true"),
            Vote("P-7", "ben chen"),
        ),
    ),
    Moment(
        7,
        "16:45",
        (
            Log("dana", "P-8", "/pain pay: Company guests get no invoice with a tax number !workaround"),
            Vote("P-8", "lea"),
        ),
    ),
    Moment(
        6,
        "10:05",
        (
            Log("ben", "P-9", "/pain discover: The opening hours on the map are last year’s !trivial"),
            Vote("P-9", "emil"),
        ),
    ),
    Moment(
        5,
        "11:50",
        (
            Fixed("chen", "P-6"),
            Say(
                "chen", HOME_ROOM, "The list is on a tablet now. Tell me if somebody is skipped again.", "P-6"
            ),
        ),
    ),
    Moment(
        5,
        "17:15",
        (
            Log("emil", "I-3", "/idea order: Bring the paper menu without being asked twice"),
            Vote("I-3", "dana"),
        ),
    ),
    Moment(4, "09:30", (Change("lea", "I-1", {"value": "5", "effort": "3", "status": "in progress"}),)),
    Moment(3, "14:22", (Fixed("emil", "P-5"), Vote("P-4", "emil"))),
    Moment(
        2,
        "12:40",
        (
            Log(
                "dana",
                "P-10",
                "/pain book: The allergy note from the booking never reaches the kitchen !abandon",
            ),
            Vote("P-10", "lea ben emil"),
            Log("ben", "Q-4", "/quote eat: “Five of us had food. One was watching.” — Luca Ferri"),
        ),
    ),
    Moment(
        1,
        "10:10",
        (Log("chen", "I-4", "/idea pay: Bring the terminal with the bill"), Vote("I-4", "ben lea")),
    ),
    Moment(
        1,
        "17:05",
        (
            Say("lea", "product", "Free tables for six go live in two of nine restaurants next week."),
            Say(
                "ben",
                "support",
                "Marta from Lindenhof asks for one invoice for all their dinners in a month.",
            ),
            Say("dana", "support", "She asked me as well. It is the tax number again."),
        ),
    ),
)
UNREAD_FROM = 1  # what is said in the last day is still unread where somebody was not there
# What happens a moment before one opens the demo: there is always something for the next digest.
TODAY = (
    Log("emil", "Q-5", "/quote arrive: “You remembered my name, after a year!” — Marta Klein, Lindenhof"),
    Vote("P-8", "emil"),
)
