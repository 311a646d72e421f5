"""What somebody typed, put into a sentence of ours."""

import re

OURS_FOLLOWS = re.compile(r"[。．.，,；;、\s]+(?=[。，；）])")


def joined(text: str) -> str:
    """A sentence in which typed words brought a stop of their own before ours: “已来函。，李省批准”."""
    return OURS_FOLLOWS.sub("", text)


def clause(text: str) -> str:
    """Typed words without the stop they end in: the sentence goes on, or ends in its own."""
    return joined(f"{text}。")[:-1]
