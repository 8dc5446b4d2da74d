"""What a layer says about inputs that it cannot take."""

import torch

from explorer import Graph, layers
from explorer.layers import Mismatch, Shape, Spec


def refusal(kind: str, settings: dict, *shapes: Shape, dtype: torch.dtype = torch.float32) -> str:
    """The sentence in which a layer refuses inputs of these shapes, and the hint behind it.

    It is "" where the layer takes them; then it must run on them, too.
    """
    layer = layers.find(kind).parse(settings)
    specs = [Spec(shape, dtype) for shape in shapes]
    try:
        layer.check(*specs)
    except Mismatch as found:
        gets = shapes[layer.takes.index(found.port)]
        return f"expects {found.expects}; it gets {layers.shape_text(gets)}: {found.hint}"
    assert runs(kind, settings, *shapes), "the layer took it, and could not run"
    return ""


def runs(kind: str, settings: dict, *shapes: Shape) -> bool:
    """Whether a graph with this layer knows what comes out of it."""
    graph = Graph()
    graph.add(kind, id="op", **settings)
    for port, shape in zip(graph.nodes["op"].inputs, shapes, strict=True):
        if shape[:1] == ("N",):
            graph.add("Input", id=port, shape=shape[1:])
        else:
            graph.add("Parameter", id=port, value=torch.ones(shape).tolist())
        graph.connect(f"{port}.out", f"op.{port}")
    return bool(graph.analysis.report("op").outputs)


def setting_refusal(kind: str, settings: dict) -> str:
    """The sentence in which a layer refuses these settings; "" where it takes them."""
    try:
        layers.find(kind).parse(settings)
    except layers.SettingError as error:
        return str(error)
    return ""
