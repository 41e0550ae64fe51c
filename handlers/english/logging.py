"""What is said to somebody who logs something."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # receipts
    "logged": "Got it: **{ref}** on **{stage}**.",
    "logged elsewhere": "Got it: **{ref}** on **{stage}** of **{map}**.",
    "logged close": "I read “{typed}” as **{stage}**. If that is wrong, one click moves it:",
    "left out": "I took “{typed}” for the stage, so it is not in the words. **Edit** puts it back.",
    "moved": "**{ref}** is on **{stage}** now.",
    "updated": "Saved: **{ref}** on **{stage}**.",
    "nothing changed": "Nothing changed on **{ref}**.",
    "undone": "Undone. **{ref}** is off the map.",
    "removed": "**{ref}** is off the map. You can restore it.",
    "removed all": "**{ref}** is off the map, with all that is part of it. You can restore it.",
    "remove what": {
        "one": "**{refs}** is part of **{ref}**. If **{ref}** goes alone, it stands on its own again.",
        "other": "**{refs}** are part of **{ref}**. If **{ref}** goes alone, they stand on their own again.",
    },
    "remove alone": "Remove {ref} alone",
    "remove all": "Remove all",
    "parted": {
        "one": "**{refs}**, which was merged into it, stands on its own again.",
        "other": "**{refs}**, which were merged into it, stand on their own again.",
    },
    "restored": "**{ref}** is back on **{stage}**.",
    "resolved done": "**{ref}** is marked as fixed. It leaves the lists, and the next digest says so. In two weeks "
    "I'll ask whether it holds.",
    "shipped done": "**{ref}** is marked as shipped. It leaves the lists, and the next digest says so. In two weeks "
    "I'll ask whether it works.",
    "reopened": "**{ref}** is open again.",
    "voted": "Your vote counts on **{ref}**: ▲ {n}.",
    "unvoted": "Taken back. **{ref}** stands at ▲ {n}.",
    "posted again": "On its way again: **{ref}**.",
    # what is there already
    "near": "**{ref}** says nearly the same: “{words}” ▲ {n}. Is it the same?",
    "near two": "**{ref}** and **{other}** say nearly the same: “{words}” ▲ {n} and “{more}” ▲ {m}. Is it one of them?",
    "near vote": "+1 that one",
    "near vote for": "+1 {ref}",
    "near anyway": "Log mine anyway",
    "near speaks": "Does this speak for **{ref}** “{words}”?",
    "near yes": "Yes, it does",
    # more eyes than here
    "eyes": "This was written in a private place, and **{map}** lives in {channels}, where more people see its cards. "
    "Shall I log it there?",
    "eyes note": "Its card goes to {channels}, where more people see it than here.",
    "eyes not": "Not logged, and nobody saw it. I keep your words for a day.",
    "another channel": "another channel",
    "log there": "Log it there",
    "not now": "Not now",
    # refusals while logging
    "rather on": "Rather on {map}",
    "kept": "I kept what you wrote.",
    "no map": "This channel shows no map. Start one from a template: it takes a minute.",
    "no map direct": "Which map is this for? Write it in front, like **{slug}/stage: your words**, or pick one.",
    "no map here": "This channel shows no map. Use one that exists, or start one from a template.",
    "no maps": "There are no maps yet. Start one from a template: it takes a minute.",
    "no maps but archived": "All maps are archived. **/journey restore** brings one back, or start one from a "
    "template.",
    "maps first": "These are the first {n}: of another one, type the name.",
    "unknown map": "I don't know a map called “{typed}”. The maps are {maps}.",
    "which map": "This channel shows more than one map. Which one is this for?",
    "which map read": "This channel shows more than one map. Which one do you mean?",
    "which map direct": "There is more than one map. Which one do you mean?",
    "which map here": "This channel shows no map. Which one do you mean?",
    "which stage": "Which stage of **{map}** is this about? Your words are safe.",
    "unknown stage": "I don't know a stage called “{typed}” on **{map}**. Did you mean one of these? Your words are "
    "safe.",
    "unknown stage plain": "I don't know a stage called “{typed}” on **{map}**. Pick one: your words are safe.",
    "too long": "That is {n} characters, and one item holds {most}. Nothing is lost: shorten it in the form, or log it "
    "in two parts.",
    "draft gone": "I kept those words for a day, and that day is over. Please write them once more.",
    "draft not yours": "Those are somebody else's words. Only they can place them.",
}
