"""The template “Support case”."""

from handlers.templates.shape import Template, TemplatePersona, TemplateStage, at

SUPPORT_CASE = Template(
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
                at("Error on the terminal", "store"),
                at("Status page", "web"),
                at("Other owners' group", "chat"),
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
                at("Help centre", "web"),
                at("Help bot", "chat"),
                at("Video on restarting", "web"),
                at("Quick-start card", "store"),
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
                at("Phone menu", "phone"),
                at("Support chat", "chat"),
                at("Contact form", "web"),
                at("Reply on social media", "social"),
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
                at("First-line agent", "phone"),
                at("Case number", "e-mail"),
                at("Photo upload", "web"),
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
                at("Case updates", "e-mail"),
                at("Text message", "phone"),
                at("Customer portal", "web"),
                at("Call-back", "phone"),
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
                at("Specialist", "phone"),
                at("Remote update", "store"),
                at("Replacement terminal", "post"),
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
                at("Closing e-mail", "e-mail"),
                at("Satisfaction survey", "e-mail"),
                at("Credit on the invoice", "post"),
                at("Account manager", "phone"),
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
