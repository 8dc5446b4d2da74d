"""Finds things by what people type: a name, the group it is in, another word for it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Words:
    """What something is found by."""

    name: str
    group: str = ""
    others: tuple[str, ...] = ()


def best(query: str, entries: Iterable[T], words_of: Callable[[T], Words]) -> list[tuple[T, str]]:
    """What matches, best first and else as given, each with the word it was found by.

    That word is "" where the name itself holds what was typed. An empty query finds everything.
    """
    wanted = plain(query)
    words = query.lower().split()
    if not wanted:
        return [(entry, "") for entry in entries]
    ranked = [(entry, *_rank(words_of(entry), wanted, words)) for entry in entries]
    found = sorted((each for each in ranked if each[1]), key=lambda each: each[1])
    return [(entry, why) for entry, _, why in found]


def close_to(query: str, entries: Iterable[Words]) -> list[str]:
    """The names that are spelt nearly so or, failing that, have another such name."""
    entries = list(entries)
    names = {plain(entry.name): entry.name for entry in entries}
    others = {plain(word): entry.name for entry in entries for word in entry.others}
    for words in (names, others):
        if close := get_close_matches(plain(query), words, n=3, cutoff=0.7):
            return list(dict.fromkeys(words[word] for word in close))
    return []


def plain(text: str) -> str:
    """Without what people spell this way or that: "Max pool-2D" is "maxpool2d"."""
    return text.lower().translate({ord(c): None for c in " -_"}) or text.strip()


def _rank(entry: Words, wanted: str, words: list[str]) -> tuple[int, str]:
    """1 for the best match, more for worse ones, 0 for none; and the word it was found by."""
    name, group = plain(entry.name), entry.group.lower()
    other = {word: plain(word) for word in entry.others}
    tests = (
        (name == wanted, ""),
        (name.startswith(wanted), ""),
        _first(other, lambda word: word == wanted),
        (wanted in name, ""),
        (len(wanted) > 1 and _initials(entry.name).startswith(wanted), ""),
        _first(other, lambda word: word.startswith(wanted)),
        (group.startswith(wanted), entry.group),
        _first(other, lambda word: wanted in word),
        _all_in(words, [name, group, *other.values()]),
        (len(wanted) > 1 and _in_order(wanted, name), ""),
    )
    place, why = next(((n, why) for n, (is_so, why) in enumerate(tests, 1) if is_so), (0, ""))
    return place, "" if wanted in name else why


def _initials(name: str) -> str:
    """The first letters of its words: "sa" of "Show all", "ss" of "SoftSign"."""
    return "".join(word[0] for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+", name)).lower()


def _first(words: dict[str, str], fits: Callable[[str], bool]) -> tuple[bool, str]:
    """Whether one of the words fits, and which."""
    found = next((word for word, plainly in words.items() if fits(plainly)), None)
    return found is not None, found or ""


def _all_in(words: list[str], texts: list[str]) -> tuple[bool, str]:
    """Whether each of several words is in one text or another: "2d norm"."""
    return len(words) > 1 and all(any(w in text for text in texts) for w in words), ""


def _in_order(letters: str, text: str) -> bool:
    """Whether the letters occur in the text in that order: "cel" in "crossentropyloss"."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


def letters(query: str, text: str) -> set[int]:
    """Which of a text's letters were typed: the whole query, each of its words, or one by one."""
    low, wanted = text.lower(), query.lower().strip()
    for parts in ([wanted], wanted.split()):
        places = [low.find(part) for part in parts]
        if parts and all(place >= 0 for place in places):
            spans = zip(places, parts, strict=True)
            return {at for place, part in spans for at in range(place, place + len(part))}
    found, start = set[int](), 0
    for letter in wanted.replace(" ", ""):
        at = low.find(letter, start)
        if at < 0:
            return set()
        found.add(at)
        start = at + 1
    return found
