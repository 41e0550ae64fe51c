"""What only Microsoft Teams needs words for."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    "pick": "Go",
    "pick first": "Pick one first, please.",
    "nobody": "Nobody",
    "owner now": "As it is now",
    "form wrong": "Almost there. Please look at what is marked below.",
    "error missing": "Please fill this in.",
    "form there": "It goes on in your personal chat with me.",
    "installed here": "I'm here. In the channel of your map, **/journey use** shows it and **/journey new** starts "
    "one.",
    # the app package
    "teams name": "Mapkeeper, for living journey maps",
    "teams short": "Customer-journey maps that stay alive, from the chat your team is in",
    "teams full": "Log pain points, ideas and customer quotes against the stages of a journey map, right where you "
    "talk. Vote with a reaction or a click, get what changed every week, and see where it hurts.",
    "teams command pain": "Log a pain: pain checkout: card declined twice",
    "teams command idea": "Log an idea: idea checkout: remember the card",
    "teams command quote": "Log a customer's words: quote checkout: I gave up — Dana, Acme",
    "teams command gain": "Log what customers love: gain delivery: a day early",
    "teams command map": "The map, a line for each stage",
    "teams command top": "What matters most",
    "teams command list": "The items of a stage: list checkout",
    "teams command show": "One item by its number: show P-12",
    "teams command digest": "What changed since the last digest",
    "teams command new": "Start a map from a template",
    "teams command use": "Show a map in this channel: use dinner",
    "teams action": "Add to journey map",
    "teams action what": "Log this message as a pain, an idea, a quote or a gain",
    "teams command help": "Everything you can type",
}
