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
    "map confirmed": "last confirmed {when}",
    "map legend": "★ moment of truth · 🔴 stops the journey · 🟠 workaround · 🟡 annoys · 🟢 no open pain",
}
