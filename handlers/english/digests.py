"""The digest, and what could not be posted."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # the digest
    "digest head": "**{map}**, {dates}: {facts}.",
    "digest hurts": "{stage} hurts most.",
    "digest new": {"one": "{n} new", "other": "{n} new"},
    "digest rising": {"one": "{n} rising", "other": "{n} rising"},
    "digest fixed": {"one": "{n} fixed", "other": "{n} fixed"},
    "digest disputed": {"one": "{n} argued about", "other": "{n} argued about"},
    "digest stale": {"one": "{n} going stale", "other": "{n} going stale"},
    "digest gaps": {"one": "{n} stage fell quiet", "other": "{n} stages fell quiet"},
    "digest new head": "New",
    "digest disputed head": "Argued about: still true?",
    "digest stale head": "Going stale: nobody has confirmed these for long",
    "digest gaps head": "Quiet or unheard?",
    "digest log quiet": "Log on a quiet stage…",
    "digest first": "This comes every week while something changes; an empty week stays silent. /journey schedule says "
    "when it comes and what is in it.",
    "digest rising head": "Rising",
    "digest fixed head": "Fixed or shipped",
    "digest row": "{mark} **{ref}** {stage} · {words}  ▲ {n}",
    "digest row rising": "{mark} **{ref}** {stage} · {words}  ▲ {n} (+{delta})",
    "digest rest": "and {n} more",
    "digest rest thread": "and {n} more in the thread",
    "digest rest title": "**{map}**: the rest of it",
    "digest rest summary": "The rest of the digest",
    "digest rest list": "and {n} more: /journey list",
    "digest nothing": "Nothing changed on **{map}** since the last digest.",
    "digest unsent": "The digest for #{channel} may not have arrived: the connection broke while it was sent. Have a "
    "look there; **/journey digest** shows it in private.",
    # what could not be posted
    "card unsent": "I can't tell whether the card of **{ref}** arrived in #{channel}: the connection broke while it "
    "was sent. If it is not there, post it again.",
    "card no place": "**{ref}** is on the map, but I can't post in #{channel}: {why}. Invite me with **/invite "
    "@Mapkeeper**, then post it again.",
    "card failed": "**{ref}** is on the map, but I could not post its card in #{channel}. You can try once more.",
    "digest failed": "I could not post the digest in #{channel}. **/journey digest** shows it in private.",
    "why not in channel": "I'm not a member there",
    "why not installed": "Mapkeeper is not installed there",
    "why archived": "the channel is archived",
    "why gone": "the channel is gone or closed to me",
}
