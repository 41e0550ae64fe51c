"""Is this still true?"""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    "help check": "**/journey check {stage}** asks owners and reporters whether things there are still true. "
    "**/journey list stale** and **list disputed** show what needs a word.",
    "check": "Is it still true?",
    "check asked": "**{ref}** on **{stage}**: is this still true?",
    "check true": "Still true",
    "check fixed": "Fixed",
    "check changed": "Changed",
    "check gone": "Not any more",
    "check pass": "Not my area",
    "check you told": "You told us {when}: {mark} **{ref}** on **{stage}**. Still true?",
    "check somebody told": "{mark} **{ref}** on **{stage}**, logged {when}. Still true?",
    "check confirmed then": "{mark} **{ref}** on **{stage}**, last confirmed {when}. Still true?",
    "check pause": "At most three questions a week, within your working hours. On leave? **/journey settings**",
    "check said true": "✓ **{ref}**: still true. Thank you.",
    "check said changed": "✓ **{ref}**: changed. Thank you.",
    "check said fixed": "✔ **{ref}**: fixed. Thank you.",
    "check said pass": "**{ref}**: not your area. I won't ask you about that stage again.",
    "check said gone": "✔ **{ref}**: really gone. Thank you.",
    "check said back": "**{ref}**: open again. Thank you.",
    "watch fixed": "{mark} **{ref}** on **{stage}** was marked as fixed {when}. Is it really gone?",
    "watch shipped": "{mark} **{ref}** on **{stage}** was shipped {when}. Does it work as it should?",
    "watch gone": "Yes, it is gone",
    "watch back": "No, it is still there",
    "watch works": "Yes, it works",
    "watch fails": "No, not yet",
    "watch open": "**{ref}** is open again meanwhile.",
    "watch thanks gone": "Thank you: the fix of **{ref}** holds.",
    "watch thanks back": "Thank you for telling: **{ref}** is open again, and its owner hears of it.",
    "watch told": "{name} says that **{ref}** is not gone, so it is open again.",
    "closed fixed yours": "Good news: **{ref}** on **{stage}**, which you logged, is marked as fixed.",
    "closed fixed voted": "Good news: **{ref}** on **{stage}**, which you voted for, is marked as fixed.",
    "closed shipped yours": "Good news: **{ref}** on **{stage}**, your idea, has shipped.",
    "closed shipped voted": "Good news: **{ref}** on **{stage}**, which you voted for, has shipped.",
    "closed show": "Show it",
    "check settled without": "**{ref}** is settled meanwhile.",
    "check none": "Nothing waits for your word. Thank you.",
    "check waits": {"one": "One question waits for your word.", "other": "{n} questions wait for your word."},
    "check answer": "Answer",
    "check thanks pass": "Thank you. I ask somebody else, and you no more about **{stage}**.",
    "check started": {
        "one": "I ask about one item on **{where}**.",
        "other": "I ask about {n} items on **{where}**.",
    },
    "check how": "In private, owners and reporters first, within their working hours, and at most three questions a "
    "person and week. Silence is never a yes.",
    "check nothing": "There is nothing to ask on **{where}**: all of it was confirmed within a week, or there is "
    "nothing open.",
    "check which stage": "I don't know a stage called “{typed}”. The stages are {stages}.",
    "check evidence": "{ref} is still true",
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
