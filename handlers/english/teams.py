"""What only Microsoft Teams needs words for."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    "pick": "Go",
    "pick first": "Pick one first, please.",
    "nobody": "Nobody",
    "owner now": "As it is now",
    "form wrong": "Almost there. Please look at what is marked below.",
    "error missing": "Please fill this in.",
    "form waits": "Ready when you are: one click opens the form.",
}
