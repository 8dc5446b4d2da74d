"""How far a step goes where several nodes show as one card: over all of its calls, or into it.

A stride is over a card when one stands before its calls or behind them; in their middle one has
stepped into it, and goes call by call. `cards` tells by node on which card it is, where that is
not its own.
"""

from collections.abc import Mapping, Sequence

from explorer.program.program import Call

Cards = Mapping[str, str]


def over(calls: Sequence[Call], position: int, cards: Cards) -> int:
    """The position behind the next call, or behind all calls of its card in that phase."""
    if position >= len(calls):
        return position
    places = _places(calls, calls[position], cards)
    return places[-1] + 1 if places[0] == position else position + 1


def back(calls: Sequence[Call], position: int, cards: Cards) -> int:
    """The position before the last call, or before all calls of its card in that phase."""
    if position == 0:
        return 0
    places = _places(calls, calls[position - 1], cards)
    return places[0] if places[-1] == position - 1 else position - 1


def out(calls: Sequence[Call], position: int, cards: Cards) -> int | None:
    """The position behind the card in whose calls one stands; None where one is in none."""
    for call in (*calls[position : position + 1], *calls[max(position - 1, 0) : position]):
        places = _places(calls, call, cards)
        if places[0] < position <= places[-1]:
            return places[-1] + 1
    return None


def _places(calls: Sequence[Call], call: Call, cards: Cards) -> list[int]:
    """Where the calls of a call's card in its phase are; its own where it is on no such card."""
    card = cards.get(call.node)
    if card is None:
        return [call.index]
    return [
        place
        for place, other in enumerate(calls)
        if other.phase == call.phase and cards.get(other.node) == card
    ]
