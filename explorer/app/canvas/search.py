"""Finds layers by what people type: a name, a family, another word for it."""

from dataclasses import dataclass

from explorer.app import matching
from explorer.app.matching import Words
from explorer.app.theme import FAMILIES
from explorer.graph import blocks
from explorer.layers import catalogue


@dataclass(frozen=True)
class Hit:
    """What was found; `why` is the word it was found by, unless that is its name."""

    name: str
    family: str
    why: str = ""


def hits(query: str) -> list[Hit]:
    """What matches, best first; everything, family by family, for an empty query."""
    entries = sorted(_entries(), key=lambda entry: _place(entry.group))
    found = matching.best(query, entries, lambda entry: entry)
    return [Hit(entry.name, entry.group, why) for entry, why in found]


def close_to(query: str) -> list[str]:
    """The names that are spelt nearly so or, failing that, have another such name."""
    return matching.close_to(query, _entries())


def _entries() -> list[Words]:
    """What the list offers: layers by family and blocks, with the other words for them."""
    layers = [Words(kind.name(), kind.family, kind.synonyms) for kind in catalogue().values()]
    return layers + [Words(name, blocks.FAMILY, _holding(name)) for name in blocks.names()]


def _holding(name: str) -> tuple[str, ...]:
    """What a block is found by: that it holds a layer, which is less than to be called so."""
    return tuple(f"with {kind}" for kind in blocks.kinds(name))


def _place(family: str) -> tuple[int, str]:
    """Where a family stands in the list: as values pass through a net, then by its name."""
    return (FAMILIES.index(family) if family in FAMILIES else len(FAMILIES)), family
