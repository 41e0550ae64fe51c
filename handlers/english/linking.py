"""One organisation on two platforms."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    "link code": "To share your maps, an admin sends me this {other} within 10 minutes. It works once:",
    "link code me": "To be one person with one vote, send me this {other} within 10 minutes. It works once:",
    "link other teams": "in Teams (after @Mapkeeper), or in Slack after /journey,",
    "link other slack": "in Slack after /journey, or in Teams after @Mapkeeper,",
    "link wrong": "That code does not work: it is mistyped, used, or older than 10 minutes. **/journey link** makes a "
    "new one.",
    "link both maps": "Both sides hold maps, so I joined nothing. Keep the maps on one side, start the other one "
    "afresh, and then link it.",
    "link organisations first": "That code is from another organisation. An admin joins the two first: "
    "**/journey link** there, and its code here.",
    "link one already": "These are joined already, so nothing changed.",
    "linked": "Joined: from now on both sides share maps and people. **/journey use name** shows a map in this "
    "channel, **/journey link me** makes your two accounts one person.",
    "linked me": "Joined: here you are **{name}** too, with one vote.",
    "help link": "**/journey link** shares your maps with another Slack or Teams, **/journey link me** joins your "
    "own accounts.",
}
