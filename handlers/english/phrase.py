"""The type of a phrase: a sentence with `{slots}`, or one for each plural form."""

from collections.abc import Mapping

Phrase = str | Mapping[str, str]
Phrases = Mapping[str, Phrase]
