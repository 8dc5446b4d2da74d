"""How a card looks that is painted by a quantity."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heat:
    """What a card shows: where it is on the ramp, None for nowhere, and its number in words.

    `told` is all that can be said of it, in a sentence. `is_broken` says that it has a number that
    is NaN or infinite; else what is nowhere on the ramp is unknown.
    """

    share: float | None
    words: str
    told: str
    is_broken: bool = False
