"""A message that becomes an item."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    "form message": "Add to journey map",
    "field kind": "What is it?",
    "kind pain workaround": "Pain: they find a way around",
    "kind pain abandon": "Pain: it stops the journey",
    "kind pain trivial": "Pain: it only annoys",
    "field message": "In one or two sentences",
    "hint message": "The message as it is. Shorten it to what matters on the map",
    "message known": "This message is on the map already: **{ref}** on **{stage}**.",
    "message which map": "Which map is this message for?",
    "message marked": "You marked a message. Shall it go on the map?",
    "message marked in": "You marked a message in **#{channel}**. Shall it go on the map?",
    "message unread": "I could not read that message: it may be gone, or I am not in its channel any more. **Add to "
    "journey map** in the message's own menu always works.",
    "add to map": "Add it…",
    "help message": "On somebody's message: **Add to journey map** in its menu; in Slack a 🗺️ reaction asks you, too.",
    "add again": "Add it once more",
    "show item": "Show {ref}",
}
