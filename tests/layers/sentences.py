"""What a person is told about a layer and what is wired to it."""

import torch

from explorer import Graph, layers
from explorer.layers import Mismatch, Shape, Spec, shape_text


def told(
    kind: str, settings: dict, *shapes: Shape, dtype: torch.dtype = torch.float32
) -> tuple[str, str]:
    """The sentence and the hint about inputs of these shapes; ("", "") where they are taken."""
    layer = layers.find(kind).parse(settings)
    try:
        layer.check(*(Spec(shape, dtype) for shape in shapes))
    except Mismatch as found:
        gets = found.gets or shape_text(shapes[layer.takes.index(found.port)])
        return f"expects {found.expects}; it gets {gets}", found.hint
    return "", ""


def refusal(kind: str, settings: dict, *shapes: Shape, dtype: torch.dtype = torch.float32) -> str:
    """Both in one. It is "" where the layer takes the inputs; then it must run on them, too."""
    sentence, hint = told(kind, settings, *shapes, dtype=dtype)
    if sentence:
        return f"{sentence}: {hint}"
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


def takes_images_from(kind: str, settings: dict, least: int) -> bool:
    """Whether a layer takes, and then runs on, square images of that size and up, and no less."""
    shapes = {size: ("N", 1, size, size) for size in range(1, least + 3)}
    return all(
        (told(kind, settings, shape) == ("", "")) is runs(kind, settings, shape) is (size >= least)
        for size, shape in shapes.items()
    )


def setting_refusal(kind: str, settings: dict) -> str:
    """The sentence in which a layer refuses these settings; "" where it takes them."""
    try:
        layers.find(kind).parse(settings)
    except layers.SettingError as error:
        return str(error)
    return ""
