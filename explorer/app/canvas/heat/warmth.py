"""How a card looks that is painted by a quantity."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heat:
    """What a card shows: where it is on the ramp, None for unknown, and its number in words.

    `told` is all that can be said of it, in a sentence.
    """

    share: float | None
    words: str
    told: str
