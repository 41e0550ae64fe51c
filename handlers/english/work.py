"""Work on items: merged, linked, given to somebody, decided."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # merging
    "merge…": "Merge…",
    "unmerge": "Undo the merge",
    "unmerge sure": "{ref} stands on its own again, with the votes and quotes that were its own.",
    "form merge item": "Merge {ref}",
    "merge what": "**{ref}** {words}. Its votes and quotes count for the other one from now on, each person and each "
    "quote once. You can undo that at any time.",
    "field merge": "Into which one?",
    "field merge number": "Or its number",
    "field merge only": "Into which one? Its number",
    "merged": "**{ref}** is part of **{root}** now: their votes and quotes count together, each once.",
    "unmerged": "**{ref}** stands on its own again on **{stage}**, with its own votes and quotes.",
    "merged card": "**{ref}** was merged into **{root}**. A vote here counts there.",
    "is merged": "**{ref}** is part of **{root}** now, so nothing changed.",
    "error merge which": "Pick one above, or write its number.",
    "error merge gone": "I can't find that one on this map. Numbers look like P-12.",
    "error merge same": "That is {ref} itself. Please pick another.",
    "error merge kind": "{ref} is of another kind: {kind}. Only items of one kind can be merged; the kind can be "
    "changed first.",
    "error merge closed": "{ref} is closed. Reopen it first, or pick another.",
    "other kind": "While this form was open, the item became something else. Here is the form that fits now: please "
    "have a look and send it again.",
}
