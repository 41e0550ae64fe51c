"""What people type is understood, and nothing they typed is lost."""

import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers import grammar, likeness, stage_names
from handlers.grammar import ItemRef, Logged, parse_command, parse_item_ref, parse_words
from handlers.likeness import slugify
from handlers.stage_names import StageName


def stage(name: str) -> StageName:
    return StageName(f"id of {name}", slugify(name), name)


CHECKOUT, CHECK_IN, PAY = stage("Checkout"), stage("Check in"), stage("Pay")
DISCOVER, RETURNS, SIGN_UP = stage("Discover"), stage("Returns"), stage("Sign-up & log-in")
STEP, ROCKET = stage("Step 1: Go"), StageName("emoji", "rocket-stage", "🚀")
ZAHLEN, PAY_HEBREW, PAY_ARABIC = stage("Prüfen und zahlen"), stage("תשלום"), stage("الدفع")
ORDER_CHINESE, ORDER_HINDI, ORDER_RUSSIAN = stage("支付 订单"), stage("ऑर्डर"), stage("Ещё заказ")
STAGES = (
    *(DISCOVER, CHECKOUT, CHECK_IN, PAY, RETURNS, SIGN_UP, STEP, ROCKET, ZAHLEN),
    *(PAY_HEBREW, PAY_ARABIC, ORDER_CHINESE, ORDER_HINDI, ORDER_RUSSIAN),
)
TOUCHPOINTS = (
    (CHECKOUT.id, "Coupon field"),
    (CHECKOUT.id, "coupon"),
    (PAY.id, "coupon Field"),
    (PAY.id, "Help (FAQ)"),
    (PAY.id, "优惠券"),
    (DISCOVER.id, "app"),
)


def read(text: str, kind: str | None = "pain") -> Logged:
    return parse_words(kind, text, STAGES, TOUCHPOINTS)


# --- stages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("checkout: card declined", CHECKOUT),
        ("CheckOut : card declined", CHECKOUT),
        ("checkout：card declined", CHECKOUT),
        ("checkout:card declined", CHECKOUT),
        ("check-in: card declined", CHECK_IN),
        ("check  in: card declined", CHECK_IN),
        ("CHECKIN: card declined", CHECK_IN),
        ("disc: card declined", DISCOVER),
        ("d: card declined", DISCOVER),
        ("sign up: card declined", SIGN_UP),
        ("Sign-up & log-in: card declined", SIGN_UP),
        ("step 1: go: card declined", STEP),
        ("🚀: card declined", ROCKET),
        ("rocket: card declined", ROCKET),
        ("prufen und zahlen: card declined", ZAHLEN),
        ("PRÜFEN: card declined", ZAHLEN),
        ("תשלום: card declined", PAY_HEBREW),
        ("\u200fתַשְׁלוּם\u200f: card declined", PAY_HEBREW),
        ("الدفع: card declined", PAY_ARABIC),
        ("支付: card declined", ORDER_CHINESE),
        ("支付订单：card declined", ORDER_CHINESE),
        ("ऑर्डर: card declined", ORDER_HINDI),
        ("еще заказ: card declined", ORDER_RUSSIAN),
        ("checkout:\ncard declined", CHECKOUT),
        ("  checkout:   card declined  ", CHECKOUT),
    ],
)
def test_a_stage_is_known_by_slug_name_or_unique_beginning(typed: str, meant: StageName) -> None:
    logged = read(typed)
    assert (logged.stage, logged.words, logged.close) == (meant, "card declined", False)
    assert (logged.stage_words, logged.candidates) == ("", ())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chekout", CHECKOUT),
        ("chekcout", CHECKOUT),  # two letters swapped
        ("chekuot", CHECKOUT),
        ("retrns", RETURNS),
        ("prüfen und zalen", ZAHLEN),
        ("Discovery", DISCOVER),
    ],
)
def test_a_close_spelling_is_taken_and_marked(typed: str, meant: StageName) -> None:
    logged = read(f"{typed}: card declined")
    assert (logged.stage, logged.close, logged.words) == (meant, True, "card declined")
    assert logged.stage_words == ""
    assert meant not in logged.candidates
    assert len(logged.candidates) == 3


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("check", {CHECKOUT, CHECK_IN}),  # begins two
        ("pya", {PAY}),  # too short to guess
        ("chekouttt", {CHECKOUT}),  # three slips
    ],
)
def test_an_unknown_stage_is_asked_about_with_the_nearest_names_first(
    typed: str, nearest: set[StageName]
) -> None:
    logged = read(f"{typed}: card declined")
    assert (logged.stage, logged.stage_words, logged.body) == (None, typed, "card declined")
    assert logged.words == f"{typed}: card declined"
    assert set(logged.candidates[: len(nearest)]) == nearest
    assert len(logged.candidates) == 3


def test_two_stages_equally_close_are_asked_about() -> None:
    plan_a, plan_b = stage("Planning A"), stage("Planning B")
    logged = parse_words("pain", "planning c: late", [plan_a, plan_b])
    assert (logged.stage, logged.stage_words, set(logged.candidates)) == (
        None,
        "planning c",
        {plan_a, plan_b},
    )


def test_two_stages_of_one_name_are_told_apart_by_their_slugs() -> None:
    first, second = StageName("1", "pay", "Pay"), StageName("2", "pay-2", "Pay")
    assert parse_words("pain", "pay: slow", [second, first]).stage == first
    assert parse_words("pain", "pay-2: slow", [second, first]).stage == second


def test_a_map_without_stages_has_no_candidates() -> None:
    logged = parse_words("pain", "checkout: slow", [])
    assert (logged.stage_words, logged.candidates, logged.words) == ("checkout", (), "checkout: slow")


def test_a_colon_counts_only_after_a_matching_stage() -> None:
    logged = read("note: the colon: stays")
    assert (logged.stage, logged.words) == (None, "note: the colon: stays")
    assert (logged.stage_words, logged.body) == ("note", "the colon: stays")
    assert read("pay: note: the colon: stays").words == "note: the colon: stays"


@pytest.mark.parametrize(
    "text",
    [
        "card declined twice",
        "what our people told us: it is slow",  # too long to be a stage
        "Donaudampfschifffahrtsgesellschaftskapitänsmütze: slow",
        "12:30 is when it breaks",
        "12:30 checkout: slow",
        "https://shop.example/pay: broken",
        "http://localhost:8080 is down",
        "C:\\temp is full",
        "the :smile: is broken",
        ":fire: everything: slow",
        "nice try :) but: no",
        ": nothing before",
        "!!!: nothing to name",
        "first line\npay: second line",
        '"Checkout: never again"',
        "“Checkout: never again”",
        "@app: slow",
    ],
)
def test_text_without_a_stage_stays_text_and_nobody_is_asked(text: str) -> None:
    logged = read(text)
    assert (logged.stage, logged.stage_words, logged.head, logged.words) == (None, "", "", text)


@pytest.mark.parametrize("text", ["checkout", "Check In", "checkout:", " checkout： "])
def test_a_stage_alone_is_a_stage_whose_words_are_missing(text: str) -> None:
    logged = read(text)
    assert logged.stage in (CHECKOUT, CHECK_IN)
    assert logged.words == ""


def test_a_beginning_alone_stays_text() -> None:
    assert read("check").stage is None
    assert read("disc").words == "disc"


def test_a_map_may_stand_before_the_stage() -> None:
    logged = read("Onboarding/checkout: slow")
    assert (logged.map_slug, logged.stage, logged.words) == ("onboarding", CHECKOUT, "slow")
    unknown = read("onboarding/basket: slow")
    assert (unknown.map_slug, unknown.stage, unknown.stage_words) == ("onboarding", None, "basket")
    assert unknown.words == "onboarding/basket: slow"


def test_after_a_map_an_exact_name_comes_before_a_longer_one() -> None:
    logged = parse_words("pain", "dinner/pay: slow", [stage("Pay later"), PAY])
    assert (logged.map_slug, logged.stage, logged.close) == ("dinner", PAY, False)


def test_only_a_known_map_counts_where_maps_are_given() -> None:
    known = parse_words("pain", "Dinner-Friends/pay: slow", STAGES, maps=["sales", "dinner-friends"])
    assert (known.map_slug, known.stage) == ("dinner-friends", PAY)
    other = parse_words("pain", "and/or: slow", STAGES, maps=["sales"])
    assert (other.map_slug, other.stage, other.stage_words) == (None, None, "and/or")


def test_what_stands_before_a_stroke_is_no_slip_in_a_stages_name() -> None:
    logged = parse_words("pain", "uk/checkout: card declined", STAGES, maps=("us",))
    assert (logged.stage, logged.stage_words, logged.close) == (None, "uk/checkout", False)
    assert logged.candidates[0] == CHECKOUT
    slip = parse_words("pain", "us/chekout: card declined", STAGES, maps=("us",))
    assert (slip.map_slug, slip.stage, slip.close) == ("us", CHECKOUT, True)
    with_stroke = stage("Tax/Refund")
    slip = parse_words("pain", "tax/refnud: no mail", (*STAGES, with_stroke), maps=("us",))
    assert (slip.stage, slip.close) == (with_stroke, True)


def test_a_slash_in_a_stages_own_name_names_no_map() -> None:
    both = stage("Pay/Refund")
    for typed in ("pay/refund: slow", "pay/ref: slow"):
        logged = parse_words("pain", typed, [both, PAY])
        assert (logged.stage, logged.map_slug) == (both, None)


# --- severity ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "severity"),
    [
        ("pay: card declined !abandon", "card declined", "abandon"),
        ("pay: !Workaround use cash", "use cash", "workaround"),
        ("!trivial pay: slow", "slow", "trivial"),
        ("!trivial, pay: slow", "slow", "trivial"),
        ("pay !abandon: slow", "slow", "abandon"),
        ("pay: the card !abandon, then the app", "the card, then the app", "abandon"),
        ("pay: one\n!abandon two", "one\ntwo", "abandon"),
        ("pay: 卡被拒 ！abandon", "卡被拒", "abandon"),
        ("pay: !stop doing this", "!stop doing this", None),
        ("pay: they !abandoned it", "they !abandoned it", None),
        ("pay: wow!abandon", "wow!abandon", None),
        ("pay: slow !abandon or !trivial", "slow or !trivial", "abandon"),
    ],
)
def test_a_severity_is_a_word_with_a_bang(text: str, words: str, severity: str | None) -> None:
    logged = read(text)
    assert (logged.stage, logged.words, logged.severity) == (PAY, words, severity)


def test_only_pains_have_a_severity() -> None:
    assert read("pay: slow !abandon", None).severity == "abandon"
    for kind in ("idea", "quote", "gain"):
        logged = read("pay: slow !abandon", kind)
        assert (logged.severity, logged.words) == (None, "slow !abandon")


# --- speakers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "said_by"),
    [
        ("I gave up — Dana, Acme", "I gave up", ("Dana", "Acme", None)),
        ("I gave up - Dana, Acme", "I gave up", ("Dana", "Acme", None)),
        ("I gave up -- Dana Lee", "I gave up", ("Dana Lee", None, None)),
        ("I gave up – Dana van der Berg, Acme, CFO", "I gave up", ("Dana van der Berg", "Acme", "CFO")),
        ("I gave up —Dana", "I gave up", ("Dana", None, None)),
        ("I gave up - dana, acme", "I gave up", ("dana", "acme", None)),
        ("“I gave up.” — Dana", "I gave up.", ("Dana", None, None)),
        ('"I gave up"—Dana', "I gave up", ("Dana", None, None)),
        ("“I gave up”— Dana", "I gave up", ("Dana", None, None)),
        ("«J’ai abandonné» – une cliente, Acme", "J’ai abandonné", ("une cliente", "Acme", None)),
        ("„Ich gab auf“ - dana aus lübeck", "Ich gab auf", ("dana aus lübeck", None, None)),
        ("'I can't pay' - dana", "I can't pay", ("dana", None, None)),
        ("I gave up.\n- dana", "I gave up.", ("dana", None, None)),
        ("I gave up. - dana", "I gave up.", ("dana", None, None)),
        (
            "“I gave up” — Dr. J. Lee, Acme, Inc., head of ops",
            "I gave up",
            ("Dr. J. Lee", "Acme, Inc.", "head of ops"),
        ),
        ("“I gave up” — , Acme", "I gave up", (None, "Acme", None)),
        ("“I gave up” — Dana,, CFO", "I gave up", ("Dana", None, "CFO")),
        ("付款失败 — 田中様、アクメ", "付款失败", ("田中様", "アクメ", None)),
        ("לא הצלחתי לשלם — דנה, אקמה", "לא הצלחתי לשלם", ("דנה", "אקמה", None)),
        (
            "The first-time set-up is hard - Jean-Luc",
            "The first-time set-up is hard",
            ("Jean-Luc", None, None),
        ),
        ("— Dana, Acme", "", ("Dana", "Acme", None)),
    ],
)
def test_a_dash_at_the_end_names_the_speaker(
    text: str, words: str, said_by: tuple[str | None, str | None, str | None]
) -> None:
    for stage_before, found in (("", None), ("pay: ", PAY)):
        logged = read(stage_before + text, "quote")
        assert (logged.stage, logged.words) == (found, words)
        assert (logged.speaker, logged.account, logged.role) == said_by


@pytest.mark.parametrize(
    "text",
    [
        "I wanted to pay - but the card failed",
        "I wanted to pay — and then, after ten long minutes, it failed",
        "The app — which I love — crashed",
        "We waited 10 - 20 minutes",
        "Ich wollte zahlen - Karte abgelehnt",
        "It was well-made and easy-going",
        "I gave up — Dana said so. Really.",
        "I gave up — Why? Nobody knows",
        "I love it — Amazing, but the card failed twice",
        "I gave up —",
        "I gave up - " + "Very Long Name " * 6,
        "- slow\n- ugly\n- Broken",
        "I gave up --help",
        "half—Finished",
    ],
)
def test_a_dash_within_a_sentence_names_nobody(text: str) -> None:
    logged = read(text, "quote")
    assert (logged.words, logged.speaker, logged.account) == (text.strip(), None, None)


@pytest.mark.parametrize("kind", ["pain", "idea", "gain", None])
@pytest.mark.parametrize("mark", ["— from", "-- for", "– From"])
def test_other_kinds_say_from_whom_they_were_heard(kind: str | None, mark: str) -> None:
    logged = read(f"pay: card declined {mark} Dana, Acme, office manager", kind)
    assert (logged.stage, logged.words) == (PAY, "card declined")
    assert (logged.speaker, logged.account, logged.role) == ("Dana", "Acme", "office manager")


@pytest.mark.parametrize(
    "text",
    [
        "I gave up — Dana, Acme",
        "support more wallets — Apple Pay, Google Pay",
        "it should be — for free, really",
        "nobody comes — from time to time",
        "closed — from Monday until the owners are back from their holidays",
        "heard from Dana",
    ],
)
def test_other_kinds_keep_their_words_where_nobody_is_surely_named(text: str) -> None:
    for kind in ("pain", "idea", "gain", None):
        logged = read(text, kind)
        assert (logged.speaker, logged.words) == (None, text)


@pytest.mark.parametrize(
    "text", ["“Wait” they said “no”", '"a" and "b"', "“open", 'closed"', '"', '""', "“”", "'s-Gravenhage"]
)
def test_quote_marks_stay_unless_one_pair_wraps_all_the_words(text: str) -> None:
    assert read(text, "quote").words == text


def test_quote_marks_of_other_kinds_stay() -> None:
    assert read("pay: “Pay now” is unreadable").words == "“Pay now” is unreadable"
    assert read("pay: “Pay now”").words == "“Pay now”"


# --- touchpoints ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "touchpoint", "words"),
    [
        ("checkout: the @coupon field fails", "Coupon field", "the @coupon field fails"),
        ("checkout: the @COUPON-FIELD fails", "Coupon field", "the @COUPON-FIELD fails"),
        ("pay: the @coupon field fails", "coupon Field", "the @coupon field fails"),
        ("pay: the @coupon code fails", "coupon", "the @coupon code fails"),
        ("pay: read @Help (FAQ) first", "Help (FAQ)", "read @Help (FAQ) first"),
        ("pay: the @apple pay button", "apple", "the @apple pay button"),
        ('pay: the @"gift card box" fails', "gift card box", 'the @"gift card box" fails'),
        ("pay: the @“Coupon  FIELD” fails", "coupon Field", "the @“Coupon  FIELD” fails"),
        ("pay: 卡被拒 @优惠券字段", "优惠券", "卡被拒 @优惠券字段"),
        ("pay: @dana says the @app hangs", "app", "@dana says the @app hangs"),
        ("pay: a@b.c wrote to x.y@shop.example", None, "a@b.c wrote to x.y@shop.example"),
        ("pay: 3 @ 5 euros", None, "3 @ 5 euros"),
        ('pay: an open @"quote', None, 'an open @"quote'),
        ("pay: fails, see @kiosk.", "kiosk", "fails, see @kiosk."),
        ("pay: nobody finds the @coupon field", "coupon Field", "nobody finds the @coupon field"),
        ("pay: card declined. @coupon field", "coupon Field", "card declined."),
        ("pay: card declined, @kiosk", "kiosk", "card declined"),
        ("pay: card declined - @kiosk", "kiosk", "card declined"),
        ("pay: card declined (@coupon field)", "coupon Field", "card declined"),
        ("pay: card declined\n@coupon field", "coupon Field", "card declined"),
        ("pay: card declined. @coupon field !abandon", "coupon Field", "card declined."),
        ("pay: @coupon field", "coupon Field", ""),
    ],
)
def test_a_touchpoint_is_the_longest_known_name_or_one_word_or_quoted(
    text: str, touchpoint: str | None, words: str
) -> None:
    logged = read(text)
    assert (logged.touchpoint, logged.words) == (touchpoint, words)


@pytest.mark.parametrize(
    ("text", "words", "touchpoint", "account"),
    [
        ("“I can't pay” @coupon field — Dana, Acme", "I can't pay", "Coupon field", "Acme"),
        ("“I can't pay” — Dana, Acme @coupon field", "I can't pay", "Coupon field", "Acme"),
        ("I hate the @app — Dana, Acme", "I hate the @app", "app", "Acme"),
        ("I gave up. @app — Dana, Acme @coupon field", "I gave up.", "app", "Acme @coupon field"),
        ("“I can't pay” — Dana, Acme @lindqvist", "I can't pay", None, "Acme @lindqvist"),
    ],
)
def test_a_quote_has_its_touchpoint_before_or_after_the_speaker(
    text: str, words: str, touchpoint: str | None, account: str
) -> None:
    logged = read(text, "quote")
    assert (logged.words, logged.speaker) == (words, "Dana")
    assert (logged.touchpoint, logged.account) == (touchpoint, account)


# --- any text ------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(
            "pay",
            "checkout",
            "chekout",
            "支付",
            "الدفع",
            "🚀",
            "👩‍👩‍👧",
            "é",
            "e\u0301",
            "ß",
            "İ",
            "\u202e",
            "\ud800",
            "\0",
        ),
        *(
            ":",
            "：",
            " ",
            "  ",
            "\n",
            "\t",
            "\u00a0",
            "/",
            "-",
            "--",
            "–",
            "—",
            ",",
            ".",
            "!",
            "?",
            "@",
            "＠",
        ),
        *("!abandon", "!trivial", "！workaround", "@coupon field", "@app", '"', "“", "”", "'", "’", "(", ")"),
        *(" — Dana, Acme", " - dana", "https://x.y", "12:30", ":tada:", "a@b.c", "P-12", "x" * 90),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join))
KINDS = st.sampled_from(["pain", "idea", "quote", "gain", None])


def letters(*texts: str | None) -> Counter[str]:
    spread = unicodedata.normalize("NFKD", "\n".join(filter(None, texts))).casefold()
    return Counter(char for char in spread if char.isalnum())


@given(KINDS, TEXTS)
@example("quote", "pay: I gave up. @app — Dana, Acme @coupon field")
@example("pain", "!abandon")
def test_nothing_typed_is_lost_whatever_it_is(kind: str | None, text: str) -> None:
    logged = read(text, kind)
    kept = letters(logged.head, logged.body, logged.severity, logged.touchpoint)
    kept += letters(logged.speaker, logged.account, logged.role)
    assert not letters(text) - kept
    assert logged.words in (logged.body, logged.head + logged.body)
    assert logged.body == logged.body.strip()
    assert bool(logged.stage_words) <= (logged.stage is None)
    assert len(logged.candidates) <= 3


@given(TEXTS)
def test_words_after_a_known_stage_are_read_as_without_it(text: str) -> None:
    alone = parse_words("quote", f"pay: {text}", [PAY], TOUCHPOINTS)
    assert alone.stage == PAY
    assert not letters(text) - letters(
        *(alone.body, alone.touchpoint, alone.speaker, alone.account, alone.role)
    )


@given(TEXTS)
def test_commands_references_and_slugs_take_any_text(text: str) -> None:
    verb, rest = parse_command(text)
    assert verb == verb.lower().strip()
    assert rest == rest.strip()
    found = parse_item_ref(text)
    assert found is None or found.number > 0
    slug = slugify(text)
    assert 0 < len(slug) <= 60
    assert slugify(slug) == slug
    assert re.fullmatch(r"[^\s_:/!@,.]+", slug)
    assert not slug.startswith("-")
    assert not slug.endswith("-")


@given(st.text(st.characters(codec="ascii")))
def test_plain_and_other_letters_share_one_way_of_likeness(text: str) -> None:
    wide = "é" + text  # not ASCII, so that it takes the general way
    assert likeness.key_of(wide) == "e" + "".join(filter(str.isalnum, text.lower()))


HOSTILE = [
    *(
        "@a ",
        "@",
        '@"',
        "“",
        "- A\n",
        " - ",
        " — ",
        "!abandon ",
        ":",
        "a: ",
        ":a",
        "\n",
        " ",
        "\u0301",
        "a\u0301\u0323",
    ),
    *("x", "支", "pay: ", "/", "a/", "👩‍👩‍👧", "\u202e", "— Dana, ", "é@b "),
]


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
@pytest.mark.parametrize("kind", ["pain", "quote"])
def test_forty_thousand_characters_cost_no_more_likeness_than_four_hundred(
    piece: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = 0
    key = likeness.key_of

    def counted(words: str) -> str:
        nonlocal looked_at
        looked_at += len(words)
        return key(words)

    for module in (grammar, stage_names):
        monkeypatch.setattr(module, "key_of", counted)
    costs = []
    for size in (400, 40_000):
        looked_at = 0
        text = (piece * size)[:size]
        assert not letters(text) - letters(*text_parts(read(text, kind)))
        costs.append(looked_at)
    assert costs[1] <= 2 * costs[0] + 2_000


def text_parts(logged: Logged) -> list[str | None]:
    said_by = [logged.speaker, logged.account, logged.role]
    return [logged.head, logged.body, logged.severity, logged.touchpoint, *said_by]


def test_every_repeat_in_every_pattern_is_bounded() -> None:
    modules = (grammar, stage_names)
    patterns = [value for one in modules for value in vars(one).values() if isinstance(value, re.Pattern)]
    assert len(patterns) >= 8
    for pattern in patterns:
        without_classes = re.sub(r"\[(?:\\.|[^\]\\])+\]", "[]", pattern.pattern)
        outside = re.sub(r"\\.", "x", without_classes)
        assert "*" not in outside, pattern.pattern
        assert "+" not in outside, pattern.pattern
        assert ",}" not in outside, pattern.pattern
        assert "){" not in outside, f"a repeat of a repeat: {pattern.pattern}"


# --- commands, references, slugs -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("pain checkout: card declined", "pain", "checkout: card declined"),
        ("  MAP   Dinner with friends ", "map", "Dinner with friends"),
        ("top", "top", ""),
        ("", "", ""),
        (" \n ", "", ""),
        ("quote\nI gave up\nfor good", "quote", "I gave up\nfor good"),
    ],
)
def test_a_command_is_its_first_word_and_the_rest(text: str, verb: str, rest: str) -> None:
    assert parse_command(text) == (verb, rest)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("P-12", ItemRef(None, "P", 12)),
        ("p12", ItemRef(None, "P", 12)),
        (" i 7 ", ItemRef(None, "I", 7)),
        ("q–3", ItemRef(None, "Q", 3)),
        ("onboarding/P-12", ItemRef("onboarding", "P", 12)),
        ("Dinner-Friends/g-004", ItemRef("dinner-friends", "G", 4)),
        ("支付/P-1", ItemRef("支付", "P", 1)),
    ],
)
def test_an_item_is_named_by_letter_and_number(text: str, ref: ItemRef) -> None:
    assert parse_item_ref(text) == ref


@pytest.mark.parametrize(
    "text",
    ["", "P", "12", "X-12", "P-0", "P-12x", "P--12", "a/b/P-12", "/P-12", "P-٣", "P-1234567890", "P-1.5"],
)
def test_anything_else_names_no_item(text: str) -> None:
    assert parse_item_ref(text) is None


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Checkout", "checkout"),
        ("  Sign-up & log in! ", "sign-up-log-in"),
        ("Customer's choice", "customers-choice"),
        ("Prüfen und Zahlen", "prufen-und-zahlen"),
        ("Straße Æther Łódź", "strasse-aether-lodz"),
        ("支付 订单", "支付-订单"),
        ("がっこう", "がっこう"),
        ("결제 단계", "결제-단계"),
        ("ऑर्डर करें", "ऑर्डर-करें"),
        ("Мой заказ", "мой-заказ"),
        ("تسجيل الدخول", "تسجيل-الدخول"),
        ("🛒 Basket ❤️", "basket"),
        ("Step 1️⃣", "step-1"),
        ("ＦＵＬＬ　ＷＩＤＴＨ", "full-width"),
        ("snake_case", "snake-case"),
        ("🚀", "stage"),
        ("", "stage"),
        ("a" * 80, "a" * 60),
        ("compare all the plans and the prices of every vendor on the market", None),
    ],
)
def test_a_slug_is_short_and_keeps_the_letters_of_every_script(name: str, slug: str | None) -> None:
    assert slugify(name) == (slug or "compare-all-the-plans-and-the-prices-of-every-vendor-on-the")


def test_a_slug_falls_back_to_what_the_caller_says() -> None:
    assert slugify("!!!", "map") == "map"
