"""Whose numbers can be edited at all, whatever the walk."""

from explorer.app.tensors.client import Place
from explorer.program.viewing import Difference, Entry


def why_never(place: Place, entry: Entry | None) -> str:
    """Why the numbers at a place can never be edited, in a sentence; "" where they can be."""
    if isinstance(place, Difference):
        return "This is a difference: edit one of its tensors"
    if place.among == "pins":
        return "This is a copy: edit the tensor that it was made of"
    if place.among == "optimizer":
        return "What the optimizer remembers cannot be edited: edit the weight or its gradient"
    if place.part:
        return "What is kept for backward cannot be edited: edit what it was computed from"
    if entry is not None and entry.label.kind == "buffer":
        return "What is kept from batch to batch cannot be edited: edit a weight or a value"
    return ""
