"""How to begin, and what one can type."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # start and help
    "help title": "What you can type",
    "help pain": "**/pain {stage}: what hurts there** logs a pain. Add !abandon, !workaround or !trivial.",
    "help idea": "**/idea {stage}: what would be better** logs an idea; **/gain** what customers love.",
    "help quote": "**/quote {stage}: “I gave up” — Dana, Acme** logs a customer's words.",
    "help at": "**@app** names a touchpoint, **@“coupon field”** one of several words. **/pain** alone opens a form.",
    "help map": "**/journey map** shows the map, **/journey top** what matters most, "
    "**/journey list {stage}** one stage, **/journey list mine** what is yours.",
    "help search": "**/journey search card declined** finds items by their words, **/journey gaps** stages that nobody "
    "talks about.",
    "help show": "**/journey show P-12** shows one item. 👍 on a card is a vote.",
    "help digest": "**/journey digest** shows what changed since the last digest.",
    "help new": "**/journey new** starts a map, **/journey use name** shows one in this channel.",
}
