"""Is this still true?"""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    "check": "Is it still true?",
    "check asked": "**{ref}** on **{stage}**: is this still true?",
    "check true": "Still true",
    "check fixed": "Fixed",
    "check thanks true": "Thank you: **{ref}** counts as confirmed from today.",
    "check thanks fixed": "Thank you. Once a second person says so, the owner is asked to close **{ref}**.",
    "check thanks fixed twice": "Thank you. You are not the first to say so: the owner is asked to close **{ref}**.",
    "check fixed yours": "Good news. You may close **{ref}**: mark it as fixed, and everybody who asked "
    "for it is told.",
    "check thanks disputed": "Thank you. Others see **{ref}** differently, so it is shown as ⚡ disputed, and they "
    "talk about it in the thread under its card.",
    "check settled": "Settled: **{ref}** counts as confirmed from today.",
    "check proposed": "{names} say that **{ref}** is fixed. Close it?",
    "check disputed": "⚡ **{ref}** is disputed. {stands}: still true. {fixed}: fixed. What do you see? An editor or "
    "the owner can settle it.",
    "check closed": "**{ref}** is closed already. If it is back, reopen it.",
}
