"""Lists, search and gaps."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # lists
    "list title": "**{map}**: {what}",
    "list on stage": "{stage}",
    "list kind": "{kind}s",
    "list kind on stage": "{kind}s on {stage}",
    "list closed": "closed",
    "list mine": "yours",
    "most wanted first": "most wanted first",
    "newest first": "newest first",
    "latest first": "latest first",
    "list row": "{mark} **{ref}** {stage} · {words}  ▲ {n} · {trust}",
    "list row closed": "{mark} **{ref}** {stage} · {words}  ✔ ▲ {n}",
    "list empty": "Nothing there yet. **/{kind} {stage}: …** adds the first.",
    "list none": "Nothing open fits that. Leave a word out, or see everything.",
    "list none closed": "Nothing closed fits that. Leave a word out, or see everything that is open.",
    "list all": "See everything",
    "list end": "The list has become shorter and ends before this page.",
    "list page": "{first}–{last}",
    "list furthest": "To see more, name a stage or a kind, or use **/journey search**.",
    "list unknown": "I don't know a stage called “{typed}” on **{map}**. Its stages are {stages}. You can also ask for "
    "pains, ideas, quotes, gains, mine, resolved, planned or abandon.",
    "list which person": "More than one person is called “{typed}”: {names}. Write the whole name without spaces, like "
    "**owner @AdaLovelace**.",
    "list no person": "I don't know anybody called “{typed}”. Names are as in this chat, like **owner @ada**; **mine** "
    "means you.",
    "a name": "{name}",
    "previous": "Previous",
    "next": "Next",
    # search
    "search which": "What are you looking for? Write a few words, like **/journey search card declined**.",
    "search title": "Found for “{typed}”",
    "search title partly": "Nothing says all of “{typed}”. These come closest",
    "search row map": "{map} / {stage}",
    "search read as": "I read “{typed}” as **{word}**.",
    "search nothing": "Nothing on your maps says “{typed}”. Try fewer words or another one, or log it.",
    "search nothing map": "Nothing on **{map}** says “{typed}”. Try fewer words or another one, or log it.",
    "search log": "Log it as a pain",
    "search everywhere": "Search all maps",
    "search top": "See what matters most",
    # gaps
    "gaps title": "**{map}**: quiet or unheard?",
    "gaps none": "Every stage of **{map}** was heard in the last {n} days. **/journey top** shows what matters most.",
    "gaps some": {
        "one": "On one stage nothing was logged or confirmed for {days} days, or ever.",
        "other": "On {n} stages nothing was logged or confirmed for {days} days, or ever.",
    },
    "gaps never": "⚪ **{stage}**{moment}  nothing yet",
    "gaps quiet": "⚪ **{stage}**{moment}  nothing for {n} days",
    "gaps log": "Log on {stage}",
    "gaps other": "Log on another…",
    "gaps next": "If you know something about one of them, log it. If it is just fine, say so with a gain.",
}
