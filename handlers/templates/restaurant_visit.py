"""The template “Restaurant visit”."""

from handlers.templates.shape import Template, TemplatePersona, TemplateStage, at

RESTAURANT_VISIT = Template(
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
                at("Search and map", "web"),
                at("Reviews", "web"),
                at("Menu on the site", "web"),
                at("Photos from friends", "social"),
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
                at("Booking page", "web"),
                at("Phone", "phone"),
                at("Confirmation", "e-mail"),
                at("Direct message", "social"),
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
                at("Door and sign", "store"),
                at("Car park", "store"),
                at("Host", "store"),
                at("Bar", "store"),
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
                at("Waiter", "store"),
                at("Printed menu", "store"),
                at("Menu by QR code", "web"),
                at("Allergen list", "store"),
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
                at("Table", "store"),
                at("Dishes", "store"),
                at("Check by the waiter", "store"),
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
                at("Bill", "store"),
                at("Card terminal", "store"),
                at("Pay-at-table app", "app"),
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
                at("Goodbye at the door", "store"),
                at("Review request", "e-mail"),
                at("Newsletter and voucher", "e-mail"),
                at("Tagged photo", "social"),
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
