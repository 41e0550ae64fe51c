"""What is said when something cannot be done."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # refusals otherwise
    "not allowed log": "You can look at the map, but not add to it yet. Ask **{admins}** to make you a member.",
    "not allowed": "Only {who} can do that. Ask **{admins}**.",
    "not allowed map": "Only editors of this map can do that. Ask **{owner}**, who owns it.",
    "who members": "members",
    "who editors": "editors of this map",
    "who admins": "admins",
    "who author": "the author of {ref} and editors of this map",
    "an admin": "an admin of this workspace",
    "is gone": "**{ref}** was removed from the map, so nothing changed. Its author or an editor can restore "
    "it.",
    "part is gone": "**{ref}** is part of **{root}**, which was removed from the map, so nothing changed. The author "
    "of **{ref}** or an editor can undo the merge.",
    "is off": "**{ref}** was taken off the map.",
    "map gone": "That map is not there any more, so nothing was logged. **/journey** shows the maps that are.",
    "not found": "I can't find **{ref}** on **{map}**. **/journey list** shows what is there.",
    "not found anywhere": "I can't find that any more. **/journey list** shows what is there.",
    "not a ref": "Which one? Write its number, like **/journey show P-12**.",
    "undo late": "Undo works for ten minutes, and those are over. **{ref}** is still on the map; you can remove it "
    "instead.",
    "undo not yours": "Only the person who logged **{ref}** can undo that. Its author or an editor can remove it.",
    "old form": "This form is from an older version of Mapkeeper. Here is the new one with your words in it: please "
    "have a look and send it again.",
    "not here": "That works in a channel. Go to the channel of your map and try it there.",
    "broken": "That did not go through, and nothing was saved. Please try again in a minute. (ref {ref})",
    "broken words": "What you typed:",
    "unknown command": "I don't know “{typed}”. To log, begin with **pain**, **idea**, **quote** or **gain**; "
    "**/journey help** lists the rest.",
    "unknown click": "That button is from an older version. Please open the list or the card again.",
}
