"""What happens to channels and people: gone, back, new, left."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # a channel that cannot be reached
    "place archived": "#{channel} is archived, so its digest rests. Everything on the map is safe; the digest comes "
    "again when the channel is back, and **/journey use** shows the map in another one.",
    "place gone": "#{channel} is gone or closed to me, so its digest rests. Everything on the map is safe: **/journey "
    "use** shows it in another channel.",
    "place not in channel": "I'm not a member of #{channel} any more, so its digest rests. Invite me with **/invite "
    "@Mapkeeper** and it comes again.",
    "place not installed": "Mapkeeper is not installed around #{channel} any more, so its digest rests. Everything on "
    "the map is safe; the digest comes again when Mapkeeper is back.",
    # somebody new in a channel
    "welcome": "Welcome to #{channel}, where **{map}** lives: what customers meet on their way, stage by stage.",
    "welcome how": "Heard where it hurts? Type **/pain {stage}: what hurts**. A 👍 on a card is a vote. "
    "**/journey map** shows the rest.",
    # somebody who left
    "left": "**{name}** has left the workspace. On **{map}** this was theirs. Who takes it over?",
    "left map": "the map **{map}** itself",
    "left stage": "the stage **{stage}**",
}
