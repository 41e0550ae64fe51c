"""The Home tab, and what a person sets for themselves."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # the Home tab
    "home hello": "Mapkeeper keeps your journey maps alive from this chat.",
    "home start": "Start a map from a template in the channel where your team talks: **/journey new**",
    "home here": "This channel shows **{map}**.",
    "home waits": "What waits for you",
    "home waits nothing": "Nothing right now.",
    "home log": "Log something",
    "home how": "In any channel: **/pain {stage}: what hurts**, and in the same way **/idea**, **/quote** and "
    "**/gain**. Or by form:",
    "home maps": "Your maps",
    "home logged": "What you logged",
    "home map": "**{map}** · {slug}",
    "home item": "{mark} **{ref}** {stage} · {words}",
    "home yours": "yours",
    "home due": "yours, due {date}",
    "home late": "yours, was due {date}",
    "help": "Help",
    "form home log": "Which map?",
    "field map": "Map",
    # settings
    "settings": "Settings",
    "form settings": "Your settings",
    "settings saved": "Saved.",
    "settings team": "Team {team}",
    "settings hours": "Questions on {days}, {start}–{end} ({zone})",
    "settings paused": "paused until {date}",
    "settings zone": "I ask “is this still true?” within your working hours. Your time zone, {zone}, comes from your "
    "profile.",
    "language": "English",
    "field team": "Your team",
    "hint team": "So that a card can say how many teams want it. Write it as your colleagues do",
    "field days": "Working days",
    "field from": "Working hours from",
    "field until": "until",
    "field pause": "No questions before",
    "hint pause": "On leave? Pick the day on which you are back",
    "field language": "Language",
    "error days": "Please pick at least one day.",
    "error hours": "Please pick an end that is later than the beginning.",
    "error pause": "Please pick a day from tomorrow on, within a year.",
    "error map": "Please pick a map.",
    "help settings": "**/journey settings**: your team, your working hours, a pause from questions.",
}
