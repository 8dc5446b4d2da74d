"""Finds layers by what people type: a name, a family, another word for it."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from explorer.app.theme import FAMILIES
from explorer.graph import blocks
from explorer.layers import catalogue


@dataclass(frozen=True)
class Entry:
    """What the list offers: a layer or a block, and the other words that people have for it."""

    name: str
    family: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """What was found; `why` is the word it was found by, unless that is its name."""

    name: str
    family: str
    why: str = ""


def hits(query: str) -> list[Hit]:
    """What matches, best first; everything, family by family, for an empty query."""
    wanted = _plain(query)
    entries = sorted(_entries(), key=lambda entry: _place(entry.family))
    if not wanted:
        return [Hit(entry.name, entry.family) for entry in entries]
    ranked = [(*_rank(entry, wanted, query.lower().split()), entry) for entry in entries]
    found = sorted((each for each in ranked if each[0]), key=lambda each: each[0])
    return [Hit(entry.name, entry.family, why) for _, why, entry in found]


def close_to(query: str) -> list[str]:
    """The names that are spelt nearly so or, failing that, have another such name."""
    entries = _entries()
    names = {_plain(entry.name): entry.name for entry in entries}
    others = {_plain(word): entry.name for entry in entries for word in entry.synonyms}
    for words in (names, others):
        if close := get_close_matches(_plain(query), words, n=3, cutoff=0.7):
            return list(dict.fromkeys(words[word] for word in close))
    return []


def _entries() -> list[Entry]:
    layers = [Entry(kind.name(), kind.family, kind.synonyms) for kind in catalogue().values()]
    return layers + [Entry(name, blocks.FAMILY, blocks.kinds(name)) for name in blocks.names()]


def _place(family: str) -> tuple[int, str]:
    """Where a family stands in the list: as values pass through a net, then by its name."""
    return (FAMILIES.index(family) if family in FAMILIES else len(FAMILIES)), family


def _plain(text: str) -> str:
    """Without what people spell this way or that: "Max pool-2D" is "maxpool2d"."""
    return text.lower().translate({ord(c): None for c in " -_"}) or text.strip()


def _rank(entry: Entry, wanted: str, words: list[str]) -> tuple[int, str]:
    """1 for the best match, more for worse ones, 0 for none; and the word it was found by."""
    name, family = _plain(entry.name), entry.family.lower()
    other = {word: _plain(word) for word in entry.synonyms}
    tests = (
        (name == wanted, ""),
        (name.startswith(wanted), ""),
        (wanted in name, ""),
        _first(other, lambda word: word == wanted),
        _first(other, lambda word: word.startswith(wanted)),
        (family.startswith(wanted), entry.family),
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
