"""The template “E-commerce purchase”."""

from handlers.templates.shape import Template, TemplatePersona, TemplateStage, at

ECOMMERCE_PURCHASE = Template(
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
                at("Advert in the feed", "social"),
                at("Search results", "web"),
                at("Parents' group chat", "chat"),
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
                at("Product page", "web"),
                at("Size guide", "web"),
                at("Customer reviews", "web"),
                at("Chat with the shop", "chat"),
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
                at("Basket", "web"),
                at("Coupon field", "web"),
                at("Basket reminder", "e-mail"),
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
                at("Checkout form", "web"),
                at("Card payment", "web"),
                at("Bank app approval", "app"),
                at("Order confirmation", "e-mail"),
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
                at("Shipping e-mail", "e-mail"),
                at("Tracking page", "web"),
                at("Courier", "post"),
                at("Parcel locker", "post"),
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
                at("Parcel", "post"),
                at("Packing slip", "post"),
                at("Review request", "e-mail"),
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
                at("Returns portal", "web"),
                at("Return label", "post"),
                at("Parcel shop", "store"),
                at("Refund notice", "e-mail"),
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
                at("Newsletter", "e-mail"),
                at("Customer account", "web"),
                at("Playground talk", "social"),
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
