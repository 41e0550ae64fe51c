"""The template “Retail visit”."""

from handlers.templates.shape import Template, TemplatePersona, TemplateStage, at

RETAIL_VISIT = Template(
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
                at("Map listing", "web"),
                at("Stock check", "web"),
                at("Call to the shop", "phone"),
                at("Running club", "social"),
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
                at("Car park", "store"),
                at("Shop window", "store"),
                at("Greeting at the door", "store"),
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
                at("Shoe wall", "store"),
                at("Price labels", "store"),
                at("Shop app", "app"),
                at("Signs and displays", "store"),
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
                at("Sales adviser", "store"),
                at("Treadmill analysis", "store"),
                at("Foot scanner", "store"),
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
                at("Fitting bench", "store"),
                at("Stock room", "store"),
                at("Test lap outside", "store"),
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
                at("Till", "store"),
                at("Card terminal", "store"),
                at("Loyalty programme", "app"),
                at("Receipt", "e-mail"),
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
                at("Care leaflet", "store"),
                at("Follow-up message", "e-mail"),
                at("Returns desk", "store"),
                at("Running evening", "event"),
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
