"""The item card."""

from handlers.english.phrase import Phrases

PHRASES: Phrases = {
    # the item card
    "item title": "{mark} {ref} · {stage}",
    "item title worth": "{mark} {ref} · {stage} · {worth}",
    "item votes": "▲ {n}",
    "item reach": "met by about {n}",
    "item reach source": "met by about {n} ({source})",
    "item at": "at {touchpoint}",
    "item owner": "owned by {name}",
    "item author": "from {name}",
    "item anonymous": "from someone",
    "item due": "due {date}",
    "item reason": "Declined: {reason}",
    "item value": "value {value} · effort {effort}",
    "quick win": "quick win",
    "big bet": "big bet",
    "maybe": "maybe",
    "time sink": "time sink",
    "speaker": "— {name}",
    "heard from": "heard from {name}",
    "sentiment": "feels {value}",
    "item answers": "answers {refs}",
    "item link": "link: {url}",
    "item link gone": "the message was deleted: {url}",
    "removed card": "{ref} was removed by {name}.",
    "item summary": "{ref} on {stage}: {words}",
}
