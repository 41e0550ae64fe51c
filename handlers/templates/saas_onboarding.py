"""The template “SaaS onboarding”."""

from handlers.templates.shape import Template, TemplatePersona, TemplateStage, at

SAAS_ONBOARDING = Template(
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
                at("Pricing page", "web"),
                at("Review site", "web"),
                at("Product video", "web"),
                at("Peer community", "social"),
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
                at("Sign-up form", "web"),
                at("Confirmation e-mail", "e-mail"),
                at("Welcome questions", "app"),
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
                at("Setup checklist", "app"),
                at("Spreadsheet import", "app"),
                at("Help centre", "web"),
                at("Onboarding e-mails", "e-mail"),
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
                at("Empty first screen", "app"),
                at("Sample project", "app"),
                at("Guided tour", "app"),
                at("Support chat", "chat"),
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
                at("Invitation e-mail", "e-mail"),
                at("Roles and permissions", "app"),
                at("Getting-started video", "web"),
                at("Team meeting", "event"),
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
                at("Trial-ending e-mail", "e-mail"),
                at("Plan page", "app"),
                at("Payment form", "web"),
                at("Call with sales", "phone"),
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
                at("Weekly summary", "e-mail"),
                at("Check-in call", "phone"),
                at("Support chat", "chat"),
                at("Release notes", "app"),
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
