"""English, the first language: every sentence that Mapkeeper says, a file for each subject.

Short, warm, exact. Says what happened, then what is next. Never blames.
"""

from handlers.english import (
    checking,
    common,
    digests,
    finding,
    forms,
    home,
    items,
    life,
    linking,
    lists,
    logging,
    maps,
    messages,
    organisation,
    privacy,
    refusals,
    schedules,
    stages,
    teams,
    work,
)
from handlers.english.phrase import Phrases

SUBJECTS = (
    checking,
    common,
    digests,
    finding,
    forms,
    home,
    items,
    life,
    linking,
    lists,
    logging,
    maps,
    messages,
    organisation,
    privacy,
    refusals,
    schedules,
    stages,
    teams,
    work,
)
ENGLISH: Phrases = {key: phrase for subject in SUBJECTS for key, phrase in subject.PHRASES.items()}
