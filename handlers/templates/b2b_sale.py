"""The template “B2B sale”."""

from handlers.templates.shape import Template, TemplatePersona, TemplateStage, at

B2B_SALE = Template(
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
                at("Trade conference", "event"),
                at("Benchmark report", "web"),
                at("Peer at another firm", "phone"),
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
                at("Analyst report", "web"),
                at("Supplier website", "web"),
                at("Peer reviews", "social"),
                at("First call", "phone"),
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
                at("Product demo", "event"),
                at("Solution engineer", "phone"),
                at("Test environment", "app"),
                at("Reference call", "phone"),
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
                at("Business case template", "e-mail"),
                at("Security questionnaire", "e-mail"),
                at("Workshop on site", "event"),
                at("Proposal", "e-mail"),
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
                at("Quote", "e-mail"),
                at("Negotiation call", "phone"),
                at("Contract and data agreement", "e-mail"),
                at("E-signature", "web"),
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
                at("Kick-off meeting", "event"),
                at("Project plan", "e-mail"),
                at("Implementation team", "phone"),
                at("Customer portal", "web"),
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
                at("Training day", "event"),
                at("Product", "app"),
                at("Support hotline", "phone"),
                at("Status page", "web"),
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
                at("Business review", "event"),
                at("Usage report", "e-mail"),
                at("Account manager", "phone"),
                at("Renewal quote", "e-mail"),
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
