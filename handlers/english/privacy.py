"""Private maps and who sees them."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # in the map's own form
    "field seen": "Who sees this map?",
    "seen everybody": "Everybody in the organisation",
    "seen members": "Only its members",
    "hint seen": "You are asked once more before this changes",
    # made private
    "form private": "Make it private",
    "make private": "Make it private",
    "private what": "Only its owner, its members and admins will see **{map}**. Nobody else finds it: not in lists, "
    "searches and digests, not on their Home tab. Its items, votes and history stay as they are.",
    "private channels": "Who is in {channels} is a member too, as that is where it lives.",
    "private public": "Anybody can come into {channels}, and sees the map then.",
    "made private": "**{map}** is private now.",
    "channel map private": "{name} made **{map}** private. Who is in this channel sees it as before; outside of it, "
    "only its members do.",
    "private forbidden": "In your organisation every map is open to everybody. An admin can change that with "
    "**/journey organisation**.",
    "private not yours": "Only the map's owner and admins decide who sees it. Ask **{owner}**.",
    # opened again
    "form open map": "Open it to everybody",
    "open to all": "Open it",
    "open what": "Everybody in your organisation will find **{map}**, with all that is on it.",
    "made open": "**{map}** is open to everybody in your organisation.",
    "channel map open": "{name} opened **{map}** to everybody in the organisation.",
    # members
    "members": "Members",
    "form members": "Members",
    "field members": "Who sees it, by name",
    "hint members": "Its owner and admins see it in any case. Who is taken out sees it still in its channels",
    "hint members closing": "Its owner and admins see it in any case. /journey members changes this at any time",
    "members title": "Members of **{map}**",
    "members saved": "Saved: members of **{map}**.",
    "member told": "{name} made you a member of **{map}**, a private map.",
    "private seen": "🔒 Private: seen by {people}",
    "private badge": "🔒 private",
    "seen in channels": "everybody in {channels}",
    "seen by admins": "and admins",
    "people more": {"one": "{n} more person", "other": "{n} more people"},
    "seen by all": "Everybody in your organisation sees **{map}**.",
    "private how": "To keep it to its members, say so in the map's form.",
    "error many people": "At most {most} people. A channel that shows the map holds more.",
    "error hidden": "{name} does not see this map, as it is private. Its owner can make them a member with "
    "**/journey members**.",
    # in channels
    "private bind": "**{map}** is private. Who is in #{channel} will see it, with all that is on it.",
    "private bind public": "**{map}** is private, and anybody can come into #{channel}: whoever does will see it, with "
    "all that is on it.",
    "bind private": "Show it here",
    "help members": "**/journey members**: who sees a private map. Its owner makes it private with **/journey edit**.",
    # the organisation's choice
    "field private maps": "Private maps",
    "private maps allowed": "Owners may make their maps private",
    "private maps forbidden": "Every map stays open to everybody",
    "hint private maps": "Maps that are private already stay so until they are opened",
    "organisation private": "Owners may make their maps private.",
    "organisation open": "No map becomes private from now on.",
    "organisation private left": {
        "one": "{n} map is private still, until its owner or an admin opens it.",
        "other": "{n} maps are private still, until their owners or an admin open them.",
    },
}
