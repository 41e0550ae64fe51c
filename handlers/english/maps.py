"""Maps and channels."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # maps
    "map made": "**{map}** is ready, with {stages}.",
    "map made next": "Try it: **/pain {stage}: what hurts there**. Every card here can be voted on with 👍, and on "
    "Mondays at 9:00 you get what changed.",
    "map made direct": "Show it in a channel: type **/journey use {slug}** there.",
    "map joined": "**{map}** now lives in this channel, thanks to {name}.",
    "map joined how": "Log with **/pain**, **/idea**, **/quote** or **/gain** and a stage in front. React with 👍 to "
    "vote. The week's changes come on {weekday}s at {at}.",
    "map stages": "Stages: {stages}",
    "map private": "This channel is private: invite me with **/invite @Mapkeeper**, so that I can post here.",
    "map bound": "This channel now shows **{map}**. Log with **/pain {stage}: …**",
    "map bound already": "This channel already shows **{map}**.",
    # the map's own form
    "edit map": "Edit the map",
    "form map": "Edit the map",
    "field map kind": "What kind of map is it?",
    "field persona about": "Who are they?",
    "field persona wants": "What do they want?",
    "field scenario": "Scenario",
    "hint persona about": "Their work, their day, what they know and what worries them",
    "hint scenario": "Where the journey begins and ends, and under which circumstances",
    "hint map owner": "May change the map, and is asked about it",
    "map saved": "Saved: **{map}**.",
    "map unchanged": "Nothing changed on **{map}**.",
    "map renamed": "**{before}** is called **{map}** now. What people typed until now, {slug}/stage, still works.",
    "clash": "Somebody else changed this while you did. It now says: {fields}. Yours is in the form: send it again "
    "to keep yours.",
    "clash field": "{field} “{now}”",
    "help edit": "**/journey edit** changes the map itself: name, persona, goal, owner, who sees it. "
    "**/journey archive** puts it away, **/journey restore** brings it back.",
    # put away and brought back
    "archive map": "Archive…",
    "archive": "Archive it",
    "archive ask": "Archive **{map}**?",
    "archive what": "It leaves the lists, the Home tabs, searches and digests. Its items, votes and history stay as "
    "they are.",
    "archive channels": "{channels}: they are told, show it no longer, and nothing can be logged to it there. The "
    "cards in them stay.",
    "archive back": "You can restore it at any time, and its channels show it again.",
    "archived": "**{map}** is archived. **/journey restore** brings it back.",
    "map restored": "**{map}** is back, also in its channels.",
    "archived none": "No map is archived. **/journey archive** puts one away.",
    "archived some": {"one": "{n} map is archived.", "other": "{n} maps are archived."},
    "restore ask": "Bring **{map}** back?",
    "restore one": "Restore one…",
    "channel archived": "**{map}** was archived by {name}. Its cards stay here; nothing is logged to it any more. "
    "**/journey restore** brings it back.",
    "channel restored": "**{map}** is back, thanks to {name}.",
    "channel name": "#{name}",
    "channels more": {"one": "{n} more channel", "other": "{n} more channels"},
    "map archived": "**{map}** is archived, so nothing changed. **/journey restore** brings it back.",
    # a channel's settings
    "channel settings": "Channel settings",
    "form channel": "This channel",
    "channel about": "How this channel takes part in **{map}**. The weekly digest comes in any case.",
    "channel which": "This channel shows more than one map. Which one is this about?",
    "channel other": "This channel does not show **{map}**. **/journey use {slug}** changes that.",
    "field default stage": "Lines without a stage go to",
    "default stage none": "No stage: I ask each time",
    "field noise": "Which cards are posted here?",
    "noise every": "Every card, as it is logged",
    "noise votes": "Cards with enough votes",
    "noise digest": "None, only the weekly digest",
    "field from votes": "How many votes are enough?",
    "hint from votes": "Only for cards with enough votes",
    "field capture": "Which reaction adds a message to the map?",
    "hint capture": "The name of an emoji, like world_map. Empty: none. Only Slack tells me of reactions on others' "
    "messages; in Teams, use the message's menu",
    "error capture": "That reaction is a vote already. Please pick another.",
    "error one emoji": "The name of one emoji, like world_map, please.",
    "channel saved": "Saved for **{map}** in this channel.",
    "channel every": "Every card is posted here.",
    "channel votes": {
        "one": "A card is posted here when it has {n} vote. The digest still tells of all.",
        "other": "A card is posted here when it has {n} votes. The digest still tells of all.",
    },
    "channel digest": "No cards are posted here. The digest still tells of all.",
    "channel stage": "**/pain your words** is enough: without a stage they go to **{stage}**.",
    "help channel": "**/journey channel**: where lines without a stage go, and which cards are posted here. "
    "**/journey unbind** takes the map off the channel.",
    # taken off a channel
    "unbind": "Take off this channel…",
    "unbind ask": "Take **{map}** off #{channel}?",
    "unbind what": "No cards come here any more, and a line from here needs its name in front. "
    "The cards that are here stay as they are now, and reactions on them are no votes any more.",
    "unbind digest": "Its digest comes here no more.",
    "unbind digest rest": "The digest goes on, with {maps}.",
    "unbind private": "Who is in this channel belongs to the map no more, unless they are named.",
    "unbind yes": "Take it off",
    "unbound": "**{map}** is off #{channel}.",
    "bind again": "Show it here again",
    "channel unbound": "{name} took **{map}** off this channel. Its cards stay here as they are now. "
    "**/journey use {slug}** shows it here again.",
    "use which": "Which map should this channel show?",
    "map title": "{map}",
    "map persona": "{persona}",
    "map goal": "Goal: {goal}",
    "map hurts": "{stage} hurts most: {words} ▲ {n}",
    "map quiet": "Nothing logged yet. **/pain {stage}: …** is a good first line.",
    "map stage": "{heat} **{stage}**{moment}  {facts}",
    "map stage empty": "nothing yet",
    "moment": " ★",
    "map stale": {"one": "{n} stale", "other": "{n} stale"},
    "map disputed": {"one": "{n} disputed", "other": "{n} disputed"},
    "map confirmed": "last confirmed {when}",
    "map legend": "★ moment of truth · 🔴 stops the journey · 🟠 workaround · 🟡 annoys · 🟢 no open pain",
}
