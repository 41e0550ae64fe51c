"""A message that becomes an item."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    "message what": "Add this message to the journey map. What is it?",
    "message known": "This message is on the map already: **{ref}** on **{stage}**. You can add it once more, as:",
    "message no map": "I can't tell which map this is for. In a channel that shows one map it works; **/journey use** "
    "shows one there.",
    "show item": "Show {ref}",
}
