"""Finds layers by what people type: a name, a family, another word for it."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from explorer.app.theme import FAMILIES
from explorer.layers import Layer, catalogue


@dataclass(frozen=True)
class Hit:
    """A layer that was found; `why` is the word it was found by, unless that is its name."""

    layer: type[Layer]
    why: str = ""


def hits(query: str) -> list[Hit]:
    """The layers that match, best first; all of them, family by family, for an empty query."""
    wanted = _plain(query)
    layers = sorted(catalogue().values(), key=lambda layer: _place(layer.family))
    if not wanted:
        return [Hit(layer) for layer in layers]
    ranked = [(*_rank(layer, wanted, query.lower().split()), layer) for layer in layers]
    found = sorted((entry for entry in ranked if entry[0]), key=lambda entry: entry[0])
    return [Hit(layer, why) for _, why, layer in found]


def close_to(query: str) -> list[str]:
    """The names of layers that are spelt nearly so or, failing that, have another such name."""
    layers = catalogue().values()
    names = {_plain(layer.name()): layer.name() for layer in layers}
    others = {_plain(word): layer.name() for layer in layers for word in layer.synonyms}
    for words in (names, others):
        if close := get_close_matches(_plain(query), words, n=3, cutoff=0.7):
            return list(dict.fromkeys(words[word] for word in close))
    return []


def _place(family: str) -> tuple[int, str]:
    """Where a family stands in the list: as values pass through a net, then by its name."""
    return (FAMILIES.index(family) if family in FAMILIES else len(FAMILIES)), family


def _plain(text: str) -> str:
    """Without what people spell this way or that: "Max pool-2D" is "maxpool2d"."""
    return text.lower().translate({ord(c): None for c in " -_"}) or text.strip()


def _rank(layer: type[Layer], wanted: str, words: list[str]) -> tuple[int, str]:
    """1 for the best match, more for worse ones, 0 for none; and the word it was found by."""
    name, family = _plain(layer.name()), layer.family.lower()
    other = {word: _plain(word) for word in layer.synonyms}
    tests = (
        (name == wanted, ""),
        (name.startswith(wanted), ""),
        (wanted in name, ""),
        _first(other, lambda word: word == wanted),
        _first(other, lambda word: word.startswith(wanted)),
        (family.startswith(wanted), layer.family),
        _first(other, lambda word: wanted in word),
        _all_in(words, [name, family, *other.values()]),
        (len(wanted) > 1 and _in_order(wanted, name), ""),
    )
    place, why = next(((n, why) for n, (is_so, why) in enumerate(tests, 1) if is_so), (0, ""))
    return place, "" if wanted in name else why


def _first(words: dict[str, str], fits: Callable[[str], bool]) -> tuple[bool, str]:
    """Whether one of the words fits, and which."""
    found = next((word for word, plain in words.items() if fits(plain)), None)
    return found is not None, found or ""


def _all_in(words: list[str], texts: list[str]) -> tuple[bool, str]:
    """Whether each of several words is in one text or another: "2d norm"."""
    return len(words) > 1 and all(any(w in text for text in texts) for w in words), ""


def _in_order(letters: str, text: str) -> bool:
    """Whether the letters occur in the text in that order: "cel" in "crossentropyloss"."""
    rest = iter(text)
    return all(letter in rest for letter in letters)
