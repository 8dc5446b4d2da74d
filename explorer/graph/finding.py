"""Finds nodes, groups, notes and frames by what people type: a name, a layer, a shape, a fault."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer.graph.annotations import Frame, Group, Note
from explorer.graph.errors import Problem
from explorer.layers import Layer, shape_text

if TYPE_CHECKING:
    from explorer.graph.graph import Graph, Node

_AXIS = r"\d*n(?:[+-]\d+)?|\d+"
"""A number of rows such as N or 2N+1, or a size."""
_SHAPE = re.compile(rf"\s*\(?\s*(?:{_AXIS})(?:\s*[,x×]\s*(?:{_AXIS})?)+\s*\)?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """One hit: what it is, its name, and what it was found by, such as "(N, 64)"."""

    id: str
    label: str
    why: str


def find(graph: "Graph", query: str) -> list[Found]:
    """All that matches, names first, in the order of the graph; nothing for an empty query.

    Every word must be found: in the id or title, the layer or its family, a shape, a problem.
    The words "error", "warning" and "problem" find what has one.
    """
    words = query.lower().split()
    shape = _plain(query) if _is_shape(query) else ""
    if not words:
        return []
    problems: dict[str, list[Problem]] = {}
    for problem in graph.problems():
        if problem.node is not None:
            problems.setdefault(problem.node, []).append(problem)
    hits = []
    for item in graph.items():
        texts = _texts(graph, item, problems.get(item.id, []))
        name = " ".join(texts[0][0].lower().split())
        why = _by_shape(texts, shape) if shape else _by_words(texts, words)
        if why is not None:
            hits.append((not all(word in name for word in words), Found(item.id, item.label, why)))
    return [hit for _, hit in sorted(hits, key=lambda each: each[0])]


def _texts(
    graph: "Graph", item: "Node | Group | Note | Frame", problems: list[Problem]
) -> list[tuple[str, str]]:
    """What something is found by, each with how to show it; its name comes first."""
    named = [(f"{item.id} {item.label}", "")]
    if isinstance(item, Note):
        return [*named, (item.text, "note")]
    if isinstance(item, Group | Frame):
        return [*named, (type(item).__name__, type(item).__name__.lower())]
    layer = item.layer
    family = layer.family if isinstance(layer, Layer) else ""
    others = " ".join(layer.synonyms) if isinstance(layer, Layer) else ""
    shapes = [shape_text(s.shape) for s in graph.analysis.report(item.id).outputs.values()]
    faults = [(f"problem {p.severity} {p}", str(p)) for p in problems]
    state = [("muted", "muted")] if item.is_muted else []
    kinds = [(f"{item.kind} {family}", item.kind), (others, item.kind)]
    return [*named, *kinds, *((shape, shape) for shape in shapes), *faults, *state]


def _by_words(texts: list[tuple[str, str]], words: list[str]) -> str | None:
    """How it was found, None where a word is nowhere; "" by its name alone."""
    why = ""
    for word in words:
        shown = next((shown for text, shown in texts if word in text.lower()), None)
        if shown is None:
            return None
        why = why or shown
    return why


def _by_shape(texts: list[tuple[str, str]], shape: str) -> str | None:
    return next((shown for text, shown in texts if _has_shape(text, shape)), None)


def _has_shape(text: str, shape: str) -> bool:
    """Whether a shape has these axes next to each other: "64, 10" is in "(N, 64, 10)"."""
    return _is_shape(text) and f",{shape}," in f",{_plain(text)},"


def _is_shape(text: str) -> bool:
    return bool(_SHAPE.fullmatch(text))


def _plain(shape: str) -> str:
    """Axes with a comma between: "(N, 64)" and "n x 64" are "n,64"."""
    return ",".join(re.findall(_AXIS, shape.lower()))
