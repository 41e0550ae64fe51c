"""Six journey maps to start from: believable first drafts, meant to be corrected by what customers say."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Channel: TypeAlias = Literal["web", "app", "phone", "e-mail", "store", "social", "chat", "post", "event"]
Group: TypeAlias = Literal["before", "during", "after"]


@dataclass(frozen=True, slots=True)
class TemplateTouchpoint:
    """Where customer and company meet, and over which channel."""

    name: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class TemplateStage:
    """One stage: the customer's goal there, what they meet, do and think."""

    name: str
    goal: str
    group: Group
    touchpoints: tuple[TemplateTouchpoint, ...]
    actions: tuple[str, ...]
    thoughts: tuple[str, ...]
    moment_of_truth: bool = False


@dataclass(frozen=True, slots=True)
class TemplatePersona:
    """Who travels: name, who they are, what they want."""

    name: str
    about: str
    wants: str


@dataclass(frozen=True, slots=True)
class Template:
    """A whole map, its stages in order."""

    slug: str
    name: str
    description: str
    persona: TemplatePersona
    scenario: str
    goal: str
    stages: tuple[TemplateStage, ...]
    kind: str = "current state"


def template(slug: str) -> Template | None:
    """The template of that slug, or None."""
    return next((found for found in TEMPLATES if found.slug == slug), None)


def _at(name: str, channel: Channel) -> TemplateTouchpoint:
    return TemplateTouchpoint(name, channel)


_SAAS_ONBOARDING = Template(
    slug="saas-onboarding",
    name="SaaS onboarding",
    description="From the first look at the price to a team that uses the product without being reminded.",
    persona=TemplatePersona(
        name="Maya",
        about="Operations lead at a haulier with 60 people. Chose the tool herself, has no IT department behind "
        "her, and answers for it if it fails.",
        wants="A result she can show before the trial ends, without becoming the full-time administrator.",
    ),
    scenario="Maya starts a 14-day trial to replace a shared spreadsheet. She sets it up between meetings and has "
    "to bring eight sceptical colleagues along.",
    goal="A team that plans its week in one place and trusts what it sees there",
    stages=(
        TemplateStage(
            name="Evaluate",
            goal="See whether it fits, and what it costs",
            group="before",
            touchpoints=(
                _at("Pricing page", "web"),
                _at("Review site", "web"),
                _at("Product video", "web"),
                _at("Peer community", "social"),
            ),
            actions=(
                "Looks for the price before anything else",
                "Compares three tools by their bad reviews",
                "Asks a peer what they use",
            ),
            thoughts=(
                "“Contact us for a price” means I can't afford it.",
                "Every one of these says it is simple.",
            ),
        ),
        TemplateStage(
            name="Sign up",
            goal="Get in without a card or a call",
            group="before",
            touchpoints=(
                _at("Sign-up form", "web"),
                _at("Confirmation e-mail", "e-mail"),
                _at("Welcome questions", "app"),
            ),
            actions=(
                "Signs up with her work account",
                "Digs the confirmation out of the spam folder",
                "Skips every question that can be skipped",
            ),
            thoughts=("Why do you need my phone number? So that sales can ring me?",),
        ),
        TemplateStage(
            name="Set up",
            goal="Get my own data in, safely",
            group="during",
            touchpoints=(
                _at("Setup checklist", "app"),
                _at("Spreadsheet import", "app"),
                _at("Help centre", "web"),
                _at("Onboarding e-mails", "e-mail"),
            ),
            actions=(
                "Imports the spreadsheet, fixes the columns that fail",
                "Guesses what a workspace is",
                "Leaves permissions for later",
            ),
            thoughts=(
                "If I import this wrong, can I get back to where I was?",
                "I had twenty minutes for this. They are over.",
            ),
        ),
        TemplateStage(
            name="First win",
            goal="Do one real job better than before",
            group="during",
            touchpoints=(
                _at("Empty first screen", "app"),
                _at("Sample project", "app"),
                _at("Guided tour", "app"),
                _at("Support chat", "chat"),
            ),
            actions=(
                "Closes the tour, tries it on Monday's deliveries",
                "Checks the result against the spreadsheet",
                "Takes a screenshot for her manager",
            ),
            thoughts=("There it is. That used to cost me half a Friday.",),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Invite team",
            goal="Get colleagues working without training each one",
            group="during",
            touchpoints=(
                _at("Invitation e-mail", "e-mail"),
                _at("Roles and permissions", "app"),
                _at("Getting-started video", "web"),
                _at("Team meeting", "event"),
            ),
            actions=(
                "Invites two friendly colleagues first",
                "Shows it in the Monday meeting",
                "Answers the same three questions all week",
            ),
            thoughts=(
                "If they are back in the spreadsheet on day two, that is on me.",
                "Who can see what? I don't want drivers to see the rates.",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Subscribe",
            goal="Buy the right plan, with no surprises later",
            group="during",
            touchpoints=(
                _at("Trial-ending e-mail", "e-mail"),
                _at("Plan page", "app"),
                _at("Payment form", "web"),
                _at("Call with sales", "phone"),
            ),
            actions=(
                "Counts who really needs a seat",
                "Asks for an invoice instead of a card",
                "Makes the case to the finance manager",
            ),
            thoughts=(
                "Do I pay for people who only look?",
                "What happens to our data if we say no on Friday?",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Adopt",
            goal="Make it the way we work",
            group="after",
            touchpoints=(
                _at("Weekly summary", "e-mail"),
                _at("Check-in call", "phone"),
                _at("Support chat", "chat"),
                _at("Release notes", "app"),
            ),
            actions=(
                "Turns the old spreadsheet read-only",
                "Builds the report her manager asks for",
                "Chases those who still have not logged in",
            ),
            thoughts=("Half the team loves it. The other half asks me for the password.",),
        ),
    ),
)

_ECOMMERCE_PURCHASE = Template(
    slug="ecommerce-purchase",
    name="E-commerce purchase",
    description="One parcel, from an advert on a phone to the next order, with delivery and return.",
    persona=TemplatePersona(
        name="Jonas",
        about="34, father of two, shops on his phone once they are asleep. Pays for speed when it matters, and has "
        "stood in for a parcel that never came.",
        wants="The right size, on the day that was promised, and an easy way back if it does not fit.",
    ),
    scenario="His daughter's school trip is in eight days and she needs a rain jacket. An advert shows Jonas one "
    "he likes, from a shop he does not know.",
    goal="A jacket that fits, in the house before the bus leaves",
    stages=(
        TemplateStage(
            name="Discover",
            goal="Find a jacket worth a closer look",
            group="before",
            touchpoints=(
                _at("Advert in the feed", "social"),
                _at("Search results", "web"),
                _at("Parents' group chat", "chat"),
            ),
            actions=(
                "Taps the advert, lands on the home page",
                "Searches the shop for the jacket he just saw",
                "Asks other parents about the brand",
            ),
            thoughts=("I've never heard of this shop. Is it real?",),
        ),
        TemplateStage(
            name="Choose",
            goal="Be sure of size, price and delivery day",
            group="before",
            touchpoints=(
                _at("Product page", "web"),
                _at("Size guide", "web"),
                _at("Customer reviews", "web"),
                _at("Chat with the shop", "chat"),
            ),
            actions=(
                "Reads the one-star reviews first",
                "Measures a jacket that fits her now",
                "Looks for the delivery date in three places",
            ),
            thoughts=(
                "She is between two sizes. She always is.",
                "“2–5 working days” from when?",
            ),
        ),
        TemplateStage(
            name="Basket",
            goal="See the full price before I commit",
            group="during",
            touchpoints=(
                _at("Basket", "web"),
                _at("Coupon field", "web"),
                _at("Basket reminder", "e-mail"),
            ),
            actions=(
                "Puts both sizes in to send one back",
                "Leaves to hunt for a code, comes back without",
                "Checks what delivery adds",
            ),
            thoughts=("If there is a field for a code, somebody out there pays less than I do.",),
        ),
        TemplateStage(
            name="Checkout",
            goal="Pay in two minutes, with one thumb",
            group="during",
            touchpoints=(
                _at("Checkout form", "web"),
                _at("Card payment", "web"),
                _at("Bank app approval", "app"),
                _at("Order confirmation", "e-mail"),
            ),
            actions=(
                "Looks for the way to order as a guest",
                "Types the address with one hand",
                "Approves the payment in his bank's app",
            ),
            thoughts=(
                "Did that go through, or am I about to pay twice?",
                "Why is my phone number mandatory?",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Delivery",
            goal="Know the day, and be there or not need to be",
            group="during",
            touchpoints=(
                _at("Shipping e-mail", "e-mail"),
                _at("Tracking page", "web"),
                _at("Courier", "post"),
                _at("Parcel locker", "post"),
            ),
            actions=(
                "Opens the tracking page four times a day",
                "Works from home for a window that moves",
                "Picks the parcel up from a neighbour",
            ),
            thoughts=(
                "“Out for delivery” since seven. It is half past five.",
                "The courier says we weren't in. We were in.",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Try on",
            goal="Know tonight whether it fits",
            group="after",
            touchpoints=(
                _at("Parcel", "post"),
                _at("Packing slip", "post"),
                _at("Review request", "e-mail"),
            ),
            actions=(
                "Lets her try both on in the hallway",
                "Keeps every tag on until she decides",
                "Ignores a request for a review on day one",
            ),
            thoughts=("It is greener than in the picture. She loves it anyway.",),
        ),
        TemplateStage(
            name="Returns",
            goal="Send one back, see the money again",
            group="after",
            touchpoints=(
                _at("Returns portal", "web"),
                _at("Return label", "post"),
                _at("Parcel shop", "store"),
                _at("Refund notice", "e-mail"),
            ),
            actions=(
                "Looks for the label that was not in the parcel",
                "Prints it at work",
                "Checks the account for the refund, twice",
            ),
            thoughts=(
                "I've had the receipt from the parcel shop for nine days. Where is my money?",
                "If this is painful, I am never ordering two sizes again.",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Reorder",
            goal="Come back without starting over",
            group="after",
            touchpoints=(
                _at("Newsletter", "e-mail"),
                _at("Customer account", "web"),
                _at("Playground talk", "social"),
            ),
            actions=(
                "Recommends the jacket, not the shop",
                "Unsubscribes after the third mail in a week",
                "Looks up the size he bought last time",
            ),
            thoughts=("Good jacket. I'd order again if they stopped writing to me.",),
        ),
    ),
)

_B2B_SALE = Template(
    slug="b2b-sale",
    name="B2B sale",
    description="A considered purchase by a buying group, from the first doubt to the renewal.",
    persona=TemplatePersona(
        name="Priya",
        about="Head of finance operations at a manufacturer with 900 people. Writes the business case, does not sign "
        "the contract, and will live with the choice for years.",
        wants="A decision that six colleagues stand behind, and a supplier who is still there after the signature.",
    ),
    scenario="Invoices are approved by e-mail and the auditors have complained. Priya has a budget line, a board "
    "date in October, and IT, legal, procurement and two plants to convince.",
    goal="Invoices approved in two days instead of eleven, with an audit trail, by the new financial year",
    stages=(
        TemplateStage(
            name="Recognise",
            goal="Put a price on the problem",
            group="before",
            touchpoints=(
                _at("Trade conference", "event"),
                _at("Benchmark report", "web"),
                _at("Peer at another firm", "phone"),
            ),
            actions=(
                "Counts the late fees of last year",
                "Asks a peer how they solved it",
                "Finds a sponsor on the board",
            ),
            thoughts=("We are not the only ones doing this by e-mail, are we?",),
        ),
        TemplateStage(
            name="Shortlist",
            goal="Get from thirty suppliers to three",
            group="before",
            touchpoints=(
                _at("Analyst report", "web"),
                _at("Supplier website", "web"),
                _at("Peer reviews", "social"),
                _at("First call", "phone"),
            ),
            actions=(
                "Looks for customers of her size and system",
                "Sends ten must-haves, gets ten brochures",
                "Rules out those who hide the price",
            ),
            thoughts=(
                "Does it talk to our ERP? A yes or a no would do.",
                "I asked one question and now I have a salesperson.",
            ),
        ),
        TemplateStage(
            name="Demo",
            goal="See our own case work",
            group="during",
            touchpoints=(
                _at("Product demo", "event"),
                _at("Solution engineer", "phone"),
                _at("Test environment", "app"),
                _at("Reference call", "phone"),
            ),
            actions=(
                "Sends a real, ugly invoice beforehand",
                "Brings IT and the plant accountant",
                "Calls a reference they did not pick for her",
            ),
            thoughts=(
                "Forty slides about you. When do we see our invoice?",
                "He said “on the roadmap” four times.",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Align",
            goal="Bring six people to one yes",
            group="during",
            touchpoints=(
                _at("Business case template", "e-mail"),
                _at("Security questionnaire", "e-mail"),
                _at("Workshop on site", "event"),
                _at("Proposal", "e-mail"),
            ),
            actions=(
                "Rewrites the supplier's slides for the board",
                "Chases IT for the security review",
                "Meets the works council about the audit trail",
            ),
            thoughts=(
                "I am selling this harder than they are.",
                "One no from IT and it is next year's project.",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Contract",
            goal="Sign fair terms before the board meets",
            group="during",
            touchpoints=(
                _at("Quote", "e-mail"),
                _at("Negotiation call", "phone"),
                _at("Contract and data agreement", "e-mail"),
                _at("E-signature", "web"),
            ),
            actions=(
                "Has procurement ask for a fifth off",
                "Sends three rounds of redlines between lawyers",
                "Gets the signatures in the right order",
            ),
            thoughts=("The price changed once legal got involved. What else will change?",),
        ),
        TemplateStage(
            name="Hand-over",
            goal="Keep what was promised, tell it only once",
            group="after",
            touchpoints=(
                _at("Kick-off meeting", "event"),
                _at("Project plan", "e-mail"),
                _at("Implementation team", "phone"),
                _at("Customer portal", "web"),
            ),
            actions=(
                "Explains her needs again to people she never met",
                "Frees two colleagues for the project",
                "Finds out what was not in the scope",
            ),
            thoughts=("Where did the people go who knew us?",),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Go live",
            goal="Switch over at month end without a missed payment",
            group="after",
            touchpoints=(
                _at("Training day", "event"),
                _at("Product", "app"),
                _at("Support hotline", "phone"),
                _at("Status page", "web"),
            ),
            actions=(
                "Runs old and new side by side for one close",
                "Trains approvers who skipped the training",
                "Reports the first numbers to the board",
            ),
            thoughts=("If a supplier is not paid on the first, my phone rings, not theirs.",),
        ),
        TemplateStage(
            name="Renew",
            goal="Know that it pays, and decide in time",
            group="after",
            touchpoints=(
                _at("Business review", "event"),
                _at("Usage report", "e-mail"),
                _at("Account manager", "phone"),
                _at("Renewal quote", "e-mail"),
            ),
            actions=(
                "Compares the result with the business case",
                "Asks for the features promised in the demo",
                "Takes a reference call, or declines to",
            ),
            thoughts=("I hear from them twice a year: at the review and at the invoice.",),
        ),
    ),
)

_SUPPORT_CASE = Template(
    slug="support-case",
    name="Support case",
    description="Something broke: from the first sign of it to the trust that it stays fixed.",
    persona=TemplatePersona(
        name="Tom",
        about="Owner of three cafés with fourteen staff. Knows coffee, not networks, and is the help desk for "
        "everybody who works for him.",
        wants="To sell again within minutes, and to tell the story only once.",
    ),
    scenario="Saturday, 11:20, a queue to the door: the card terminal in one café refuses every payment.",
    goal="Take cards again before the lunch rush, and know why it happened",
    stages=(
        TemplateStage(
            name="Notice",
            goal="Understand whether it is me or them",
            group="before",
            touchpoints=(
                _at("Error on the terminal", "store"),
                _at("Status page", "web"),
                _at("Other owners' group", "chat"),
            ),
            actions=(
                "Tries the card again, then another card",
                "Takes cash, writes down who will pay later",
                "Asks other owners whether theirs work",
            ),
            thoughts=(
                "“Error 4014.” What am I meant to do with that?",
                "The status page is green. My queue is not.",
            ),
        ),
        TemplateStage(
            name="Self-help",
            goal="Fix it myself if it takes two minutes",
            group="before",
            touchpoints=(
                _at("Help centre", "web"),
                _at("Help bot", "chat"),
                _at("Video on restarting", "web"),
                _at("Quick-start card", "store"),
            ),
            actions=(
                "Turns it off and on again",
                "Searches for the error code, finds a forum",
                "Argues with the bot to reach a person",
            ),
            thoughts=("I have read this article three times. It is about another model.",),
        ),
        TemplateStage(
            name="Contact",
            goal="Reach a person who can do something",
            group="during",
            touchpoints=(
                _at("Phone menu", "phone"),
                _at("Support chat", "chat"),
                _at("Contact form", "web"),
                _at("Reply on social media", "social"),
            ),
            actions=(
                "Searches the invoice for a phone number",
                "Presses 2, then 4, then nothing",
                "Writes in the chat while on hold",
            ),
            thoughts=(
                "“Your call is important to us.” Then pick up.",
                "I don't know my merchant number by heart.",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Explain",
            goal="Be believed, and tell it only once",
            group="during",
            touchpoints=(
                _at("First-line agent", "phone"),
                _at("Case number", "e-mail"),
                _at("Photo upload", "web"),
            ),
            actions=(
                "Reads the serial number from under the terminal",
                "Repeats the story to a second team",
                "Restarts it once more because the script says so",
            ),
            thoughts=("Yes, I have restarted it. I said so in the chat, and I said so to your colleague.",),
        ),
        TemplateStage(
            name="Wait",
            goal="Know what happens next, and when",
            group="during",
            touchpoints=(
                _at("Case updates", "e-mail"),
                _at("Text message", "phone"),
                _at("Customer portal", "web"),
                _at("Call-back", "phone"),
            ),
            actions=(
                "Puts a “cash only” sign on the door",
                "Checks his phone between two coffees",
                "Rings again to ask whether anybody is on it",
            ),
            thoughts=(
                "“Within 24 hours” is tomorrow. The queue is now.",
                "Bad news would be better than no news.",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Fix",
            goal="Sell again, and see that it holds",
            group="during",
            touchpoints=(
                _at("Specialist", "phone"),
                _at("Remote update", "store"),
                _at("Replacement terminal", "post"),
            ),
            actions=(
                "Follows the steps with the phone on his shoulder",
                "Takes one small payment as a test",
                "Takes the sign off the door",
            ),
            thoughts=("Two minutes with the right person. Why not at 11:20?",),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Follow-up",
            goal="Trust that it will not come back",
            group="after",
            touchpoints=(
                _at("Closing e-mail", "e-mail"),
                _at("Satisfaction survey", "e-mail"),
                _at("Credit on the invoice", "post"),
                _at("Account manager", "phone"),
            ),
            actions=(
                "Finds the case closed without a reason",
                "Answers the survey for the agent, not the firm",
                "Asks what a spare terminal would cost",
            ),
            thoughts=(
                "The agent gets five stars. The company gets two.",
                "What do I do if it happens next Saturday?",
            ),
        ),
    ),
)

_RETAIL_VISIT = Template(
    slug="retail-visit",
    name="Retail visit",
    description="A visit to a specialist shop, from checking the opening hours to wearing what was bought.",
    persona=TemplatePersona(
        name="Elena",
        about="42, running again after a knee injury. Could order online in a minute, and comes in because the last "
        "pair she guessed was wrong.",
        wants="Honest advice for her feet, not for the stock room, in the forty minutes she has.",
    ),
    scenario="Saturday afternoon in town. Elena has picked a model online, wants to try it on, and hopes that "
    "somebody looks at how she runs.",
    goal="Walk out with shoes that carry her through a first ten kilometres without pain",
    stages=(
        TemplateStage(
            name="Plan",
            goal="Know that the trip is worth it",
            group="before",
            touchpoints=(
                _at("Map listing", "web"),
                _at("Stock check", "web"),
                _at("Call to the shop", "phone"),
                _at("Running club", "social"),
            ),
            actions=(
                "Checks opening hours on the map",
                "Looks whether her size is in this branch",
                "Asks in the club who gives good advice",
            ),
            thoughts=("“Low stock.” Is that one pair, or none by the time I am there?",),
        ),
        TemplateStage(
            name="Arrive",
            goal="Find the shop and feel welcome",
            group="before",
            touchpoints=(
                _at("Car park", "store"),
                _at("Shop window", "store"),
                _at("Greeting at the door", "store"),
            ),
            actions=(
                "Circles the block for a parking space",
                "Looks for the running section",
                "Waits to be seen",
            ),
            thoughts=("Everybody in here looks faster than me.",),
        ),
        TemplateStage(
            name="Browse",
            goal="Find the model, see what else there is",
            group="during",
            touchpoints=(
                _at("Shoe wall", "store"),
                _at("Price labels", "store"),
                _at("Shop app", "app"),
                _at("Signs and displays", "store"),
            ),
            actions=(
                "Looks for the one from the website",
                "Compares the label with the price on her phone",
                "Tries to catch somebody's eye",
            ),
            thoughts=(
                "Which of these forty are for people like me?",
                "It is fifteen less online. From the same shop.",
            ),
        ),
        TemplateStage(
            name="Advice",
            goal="Be understood by somebody who knows",
            group="during",
            touchpoints=(
                _at("Sales adviser", "store"),
                _at("Treadmill analysis", "store"),
                _at("Foot scanner", "store"),
            ),
            actions=(
                "Explains the knee and the goal",
                "Runs on the treadmill in front of strangers",
                "Asks what the difference is worth",
            ),
            thoughts=(
                "She asked about my knee before she asked about my budget. Good.",
                "Is this the best shoe for me, or the best for her bonus?",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Try on",
            goal="Feel sure about one pair",
            group="during",
            touchpoints=(
                _at("Fitting bench", "store"),
                _at("Stock room", "store"),
                _at("Test lap outside", "store"),
            ),
            actions=(
                "Waits while her size is looked for",
                "Jogs to the corner and back",
                "Weighs two pairs, one on each foot",
            ),
            thoughts=("They have it in every size but mine.",),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Pay",
            goal="Pay quickly and keep the way back open",
            group="during",
            touchpoints=(
                _at("Till", "store"),
                _at("Card terminal", "store"),
                _at("Loyalty programme", "app"),
                _at("Receipt", "e-mail"),
            ),
            actions=(
                "Queues behind a click-and-collect mix-up",
                "Says no to socks, spray and a loyalty card",
                "Asks whether worn shoes can come back",
            ),
            thoughts=("Twenty minutes of great advice, and now ten in a queue.",),
        ),
        TemplateStage(
            name="Use",
            goal="Run without pain, and get help if not",
            group="after",
            touchpoints=(
                _at("Care leaflet", "store"),
                _at("Follow-up message", "e-mail"),
                _at("Returns desk", "store"),
                _at("Running evening", "event"),
            ),
            actions=(
                "Runs three kilometres, listens to the knee",
                "Tells the club who served her",
                "Decides within a week whether they stay",
            ),
            thoughts=(
                "Would they take them back now that they are muddy?",
                "If these work, I am never guessing online again.",
            ),
        ),
    ),
)

_RESTAURANT_VISIT = Template(
    slug="restaurant-visit",
    name="Restaurant visit",
    description="Dinner with friends, from finding a place that suits everybody to coming back.",
    persona=TemplatePersona(
        name="Eva",
        about="29, journalist, books for the group. One of her five friends must not eat nuts, one is always late, one "
        "is short of money.",
        wants="A relaxed evening in which nobody is left out and she is a guest too.",
    ),
    scenario="Thursday noon: six friends want to eat together tonight. Eva has a lunch break to find a table.",
    goal="A relaxed evening without planning",
    stages=(
        TemplateStage(
            name="Discover",
            goal="Find a place we all like",
            group="before",
            touchpoints=(
                _at("Search and map", "web"),
                _at("Reviews", "web"),
                _at("Menu on the site", "web"),
                _at("Photos from friends", "social"),
            ),
            actions=(
                "Filters for open tonight, near the tram",
                "Reads the menu for somebody else's allergy",
                "Drops two links into the group chat",
            ),
            thoughts=(
                "Is this menu from this year?",
                "Six people, six opinions, forty minutes.",
            ),
        ),
        TemplateStage(
            name="Book",
            goal="A table for six, tonight",
            group="before",
            touchpoints=(
                _at("Booking page", "web"),
                _at("Phone", "phone"),
                _at("Confirmation", "e-mail"),
                _at("Direct message", "social"),
            ),
            actions=(
                "Tries six, then four and two",
                "Rings in the quiet hour, gets the machine",
                "Adds a note about nuts",
            ),
            thoughts=(
                "“Groups over four, please call.” I am calling.",
                "Has anybody read my note?",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Arrive",
            goal="Be expected, sit down together",
            group="during",
            touchpoints=(
                _at("Door and sign", "store"),
                _at("Car park", "store"),
                _at("Host", "store"),
                _at("Bar", "store"),
            ),
            actions=(
                "Waits outside for the late one",
                "Gives her name at the door",
                "Sorts out who sits where",
            ),
            thoughts=("Please don't let it be the table by the toilets.",),
        ),
        TemplateStage(
            name="Order",
            goal="Know what I can eat",
            group="during",
            touchpoints=(
                _at("Waiter", "store"),
                _at("Printed menu", "store"),
                _at("Menu by QR code", "web"),
                _at("Allergen list", "store"),
            ),
            actions=(
                "Asks about nuts, for the second time today",
                "Tries to get the waiter's attention",
                "Shares starters to keep it cheap",
            ),
            thoughts=(
                "“I think there are none in it” is not an answer.",
                "I want to look at my friends, not at my phone.",
            ),
        ),
        TemplateStage(
            name="Eat",
            goal="Warm food, good talk, all at once",
            group="during",
            touchpoints=(
                _at("Table", "store"),
                _at("Dishes", "store"),
                _at("Check by the waiter", "store"),
            ),
            actions=(
                "Waits to start until all have their plates",
                "Swaps bites across the table",
                "Orders another round",
            ),
            thoughts=(
                "This crust. We are coming back.",
                "Five of us have food. One is watching.",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Pay",
            goal="Split the bill fast and fairly",
            group="during",
            touchpoints=(
                _at("Bill", "store"),
                _at("Card terminal", "store"),
                _at("Pay-at-table app", "app"),
            ),
            actions=(
                "Asks for the bill, then asks again",
                "Works out six shares on a phone",
                "Pays the rest and hopes for transfers",
            ),
            thoughts=(
                "We waited longer to pay than to eat.",
                "Who had the second glass?",
            ),
            moment_of_truth=True,
        ),
        TemplateStage(
            name="Return",
            goal="Be remembered, have a reason to come back",
            group="after",
            touchpoints=(
                _at("Goodbye at the door", "store"),
                _at("Review request", "e-mail"),
                _at("Newsletter and voucher", "e-mail"),
                _at("Tagged photo", "social"),
            ),
            actions=(
                "Posts the photo of the evening",
                "Leaves four stars, takes one off for the bill",
                "Keeps the voucher until it has expired",
            ),
            thoughts=("Next time the same table, and somebody else books.",),
        ),
    ),
)

TEMPLATES: tuple[Template, ...] = (
    _SAAS_ONBOARDING,
    _ECOMMERCE_PURCHASE,
    _B2B_SALE,
    _SUPPORT_CASE,
    _RETAIL_VISIT,
    _RESTAURANT_VISIT,
)
