"""What a screen reader says of the canvas: what is selected, or how much there is."""

from explorer.app.canvas.card import Card
from explorer.app.canvas.scene import GraphScene

_MOST_NAMED = 5


def spoken(scene: GraphScene) -> str:
    """Such as "fc1, Linear, (N, 64), 1 of 7 selected"; what is wrong with a card follows."""
    chosen, count = scene.selected(), len(scene.nodes)
    if not count:
        return "Empty"
    if not chosen:
        return f"{count} card{'s' * (count != 1)}, none selected"
    number = f"{len(chosen)} of {count} selected"
    if len(chosen) == 1 and chosen[0] in scene.nodes:
        item = scene.nodes[chosen[0]]
        return ". ".join([_one(item.card, number), *(f"Edited: {each}" for each in item.edits)])
    among = set(chosen)
    names = [item.card.title for id, item in scene.nodes.items() if id in among]
    more = ["and others"] if len(names) > _MOST_NAMED else []
    return ", ".join([number, *names[:_MOST_NAMED], *more])


def _one(card: Card, number: str) -> str:
    parts = dict.fromkeys((card.title, card.kind))
    shapes = (port.shape for port in card.outputs if port.shape)
    muted = ["muted"] if card.is_muted else []
    said = ", ".join([*parts, *shapes, *muted, number])
    return ". ".join([said, *card.problems])
