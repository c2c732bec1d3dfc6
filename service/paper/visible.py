"""Texts without characters that cannot be seen."""

import unicodedata

UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
# Line breaks, soft hyphens and joiners belong to how languages are written.
WRITTEN = "\n\u00ad\u200b\u200c\u200d"


def visible(text: str) -> str:
    """Each of them becomes a replacement character: some may stand in no PDF and no calendar, others turn the text around them."""
    return "".join("\ufffd" if unicodedata.category(one) in UNSEEN and one not in WRITTEN else one for one in text)
