"""Finds layers by what people type: a name, a family, another word for it."""

from explorer.layers import Layer, catalogue

_PLACE = {"Source": 0, "Loss": 2}


def hits(query: str) -> list[type[Layer]]:
    """The layers that match, best first; all of them, family by family, for an empty query."""
    wanted = query.strip().lower()
    layers = sorted(catalogue().values(), key=lambda layer: _PLACE.get(layer.family, 1))
    if not wanted:
        return layers
    ranked = [(_rank(layer, wanted), layer) for layer in layers]
    return [layer for rank, layer in sorted(ranked, key=lambda r: r[0] or 99) if rank]


def _rank(layer: type[Layer], wanted: str) -> int:
    """1 for the best match, more for worse ones, 0 for none."""
    name, words = layer.name().lower(), [word.lower() for word in layer.synonyms]
    tests = (
        name == wanted,
        name.startswith(wanted),
        wanted in words,
        any(word.startswith(wanted) for word in words),
        wanted in name,
        layer.family.lower().startswith(wanted),
        any(wanted in word for word in words),
        len(wanted) > 1 and _in_order(wanted, name),
    )
    return next((place for place, passed in enumerate(tests, 1) if passed), 0)


def _in_order(letters: str, text: str) -> bool:
    """Whether the letters occur in the text in that order: "cel" in "crossentropyloss"."""
    rest = iter(text)
    return all(letter in rest for letter in letters)
