"""What an organisation sets for all its maps."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    "form organisation": "Your organisation",
    "organisation": "Your organisation",
    "organisation about": "For all maps. After so many days I ask whether it is still true; half as long again "
    "without an answer, and it is shown as stale. It counts for what is open now, too.",
    "organisation abandon": "pains that stop the journey",
    "organisation workaround": "pains that need a workaround",
    "organisation trivial": "pains that annoy",
    "organisation quote": "quotes",
    "organisation gain": "gains",
    "organisation holds": "{what}: asked about after {n} days",
    "organisation saved": "Saved, for all maps.",
    "organisation votes": "These reactions on a card are votes: {emoji}",
    "field holds": "Days: {what}",
    "field vote emoji": "Reactions that are votes",
    "hint vote emoji": "Their names, like :+1: :heart:. In Teams its own reactions of that meaning count",
    "error days range": "A whole number of days from {least} to {most}, please.",
    "error emoji": "“{typed}” is not the name of an emoji. Write names, like :+1: or :heart:",
    "error many emoji": "{most} at most, please.",
    "help organisation": "**/journey organisation**: for admins, after how many days I ask, which reactions are votes, "
    "and whether maps may be private.",
}
