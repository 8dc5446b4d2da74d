"""What a person is told about a layer and what is wired to it."""

import torch

from explorer import Graph, layers
from explorer.layers import Mismatch, Shape, Spec, shape_text


def told(
    kind: str, settings: dict, shape: Shape, dtype: torch.dtype = torch.float32
) -> tuple[str, str]:
    """The sentence and the hint about an input of that shape; ("", "") where it is taken."""
    layer = layers.find(kind).parse(settings)
    try:
        layer.check(Spec(shape, dtype))
    except Mismatch as found:
        gets = found.gets or shape_text(shape)
        return f"expects {found.expects}; it gets {gets}", found.hint
    return "", ""


def runs(kind: str, settings: dict, shape: Shape) -> bool:
    """Whether rows of that shape go through the layer: from a node that feeds them."""
    graph = Graph()
    graph.add("Input", id="x", shape=shape[1:])
    graph.add(kind, id="op", **settings)
    graph.connect("x.out", "op.x")
    return bool(graph.analysis.report("op").outputs)


def refused(kind: str, settings: dict) -> str:
    """The sentence about settings that a layer cannot have; "" where it can."""
    try:
        layers.find(kind).parse(settings)
    except layers.SettingError as error:
        return str(error)
    return ""
