"""Layers that rearrange numbers tell in a sentence where the numbers do not fit."""

import pytest

from explorer import Graph, GraphError, layers
from tests.layers.sentences import refusal, setting_refusal

N = "N"

REFUSED: list[tuple[str, dict, tuple, str]] = [
    # Sizes that do not fit
    (
        *("Reshape", {"shape": (3, 4)}, ((N, 10),)),
        "expects 12 numbers in each row, to fill (3, 4); it gets (N, 10): "
        "choose a shape that 10 numbers fill, with one −1 for what is left",
    ),
    ("Reshape", {"shape": (3, -1)}, ((N, 10),), "a multiple of 3 numbers in each row"),
    ("Reshape", {"shape": ()}, ((N, 2),), "1 number in each row, to fill ()"),
    ("Reshape", {}, ((),), "(N, …) with a batch axis; it gets ()"),
    ("Reshape", {}, ((4, N),), "(N, …) with the batch axis first; it gets (4, N)"),
    ("Unflatten", {"sizes": (3, 4)}, ((N, 10),), "12 numbers along axis 1, to fill (3, 4)"),
    ("Unflatten", {"sizes": (3, -1)}, ((N, 10),), "a multiple of 3 numbers along axis 1"),
    ("Unflatten", {"dim": 0, "sizes": (2, -1)}, ((N, 10),), "a multiple of 2 numbers along axis 0"),
    ("Split", {}, ((N, 5),), "axis 1 to divide into 2 equal parts; it gets (N, 5)"),
    ("Split", {"dim": 0}, ((N, 5),), "a batch may have any number of rows"),
    (
        *("Split", {"sizes": (1, 2)}, ((N, 5),)),
        "axis 1 to be of length 1 + 2 = 3; it gets (N, 5): choose sizes that add up to 5",
    ),
    # Axes that are not there
    ("Unflatten", {"dim": 2}, ((N, 10),), "an axis 2; it gets (N, 10): choose dim between -2"),
    ("Transpose", {}, ((N, 3),), "an axis 2; it gets (N, 3): choose dim1 between -2 and 1"),
    ("Transpose", {"dim0": -3}, ((N, 3),), "choose dim0 between -2 and 1"),
    ("Concat", {"dim": 2}, ((N, 3), (N, 3)), "an axis 2"),
    ("Concat", {}, ((), ()), "at least one axis; it gets ()"),
    ("Stack", {"dim": 3}, ((N, 3), (N, 3)), "an axis 3; it gets (N, 3): choose dim between -3"),
    ("Split", {"dim": 2}, ((N, 4),), "an axis 2"),
    ("Slice", {"dim": -3}, ((N, 4),), "an axis -3"),
    ("Select", {"dim": 2}, ((N, 4),), "an axis 2"),
    ("Squeeze", {}, ((N,),), "an axis 1; it gets (N,): choose dim between -1 and 0"),
    ("Unsqueeze", {"dim": 3}, ((N, 4),), "an axis 3; it gets (N, 4): choose dim between -3 and 2"),
    # An order that is none
    ("Permute", {}, ((N, 3),), "as many axes as dims names, 3; it gets (N, 3): name every"),
    ("Permute", {"dims": (0, 1, 1)}, ((N, 3, 4),), "each axis named once in dims, which is (0, 1"),
    ("Permute", {"dims": (0, 2, -1)}, ((N, 3, 4),), "each axis named once"),
    ("Permute", {"dims": (0, 1, 3)}, ((N, 3, 4),), "an axis 3"),
    # Tensors that cannot be joined
    (
        *("Concat", {}, ((N, 3, 8), (N, 5, 7))),
        "expects (N, any, 8), since x1 is (N, 3, 8); it gets (N, 5, 7): "
        "only axis 1, along which they are joined, may differ",
    ),
    ("Concat", {"dim": 0}, ((N, 3), (N, 4)), "(any, 3), since x1 is (N, 3); it gets (N, 4)"),
    ("Concat", {}, ((N, 3), (N, 3, 1)), "as many axes as x1, which is (N, 3); it gets (N, 3, 1)"),
    ("Concat", {"count": 3}, ((N, 3), (N, 3), (2, 3)), "(N, any), since x1"),
    ("Stack", {}, ((N, 3), (N, 1)), "the shape of x1, (N, 3); it gets (N, 1)"),
    # Parts that are not there
    (
        *("Slice", {"start": 5, "stop": 3}, ((N, 9),)),
        "something along axis 1 from 5 to before 3; it gets (N, 9): "
        "nothing would be left: its places there are 0 to 8",
    ),
    ("Slice", {"start": 9}, ((N, 9),), "something along axis 1 from 9 to before the end"),
    ("Slice", {"dim": 0, "stop": 3}, ((N, 9),), "axis 0 to have a fixed length"),
    ("Select", {"index": 4}, ((N, 4),), "a place 4 along axis 1; it gets (N, 4): choose index b"),
    ("Select", {"index": -5}, ((N, 4),), "choose index between -4 and 3"),
    ("Select", {"dim": 0, "index": 1}, ((N, 4),), "axis 0 to have a fixed length"),
    # Axes that are not of length 1
    ("Squeeze", {}, ((N, 3, 1),), "axis 1 to be of length 1; it gets (N, 3, 1): set dim to 2"),
    ("Squeeze", {"dim": 0}, ((N, 3),), "it has no axis of length 1 to drop"),
    (
        *("Expand", {"sizes": (-1, 4)}, ((N, 3),)),
        "axis 1 to be of length 1, so that it can be repeated 4 times; it gets (N, 3)",
    ),
    ("Expand", {"sizes": (4, -1)}, ((N, 3),), "axis 0 to be of length 1"),
    ("Expand", {"sizes": (3,)}, ((N, 3),), "no more axes than sizes names, 1"),
    ("Expand", {"sizes": (-1, -1, 3)}, ((N, 3),), "3 axes, since sizes is (-1, -1, 3)"),
    # Padding
    (
        "Pad",
        {"padding": (1, 1, 1, 1)},
        ((N,),),
        "an axis for each pair of padding, of which there are 2",
    ),
    ("Pad", {"padding": (-2, -1)}, ((N, 3),), "more than 3 places along axis 1; it gets (N, 3)"),
    ("Pad", {"padding": (0, 0, -1, 0)}, ((N, 3),), "axis 0 to have a fixed length"),
    (
        *("Pad", {"padding": (1, 3), "mode": "reflect"}, ((N, 3),)),
        "axis 1 to be of length 4 or more; it gets (N, 3): "
        "reflect takes what it pads with from there: pad with at most 2",
    ),
    ("Pad", {"padding": (4, 0), "mode": "circular"}, ((N, 3),), "axis 1 to be of length 4 or more"),
    ("Pad", {"mode": "reflect"}, ((N,),), "2 to 5 axes to pad with reflect"),
    (
        *("Pad", {"padding": (1, 1, 1, 1), "mode": "replicate"}, ((N, 3),)),
        "its first axis to stay as it is with replicate; it gets (N, 3): rows would be mixed",
    ),
    (
        *("Pad", {"padding": (1,) * 8, "mode": "reflect"}, ((N, 3, 3, 3, 3),)),
        "at most 3 axes to pad with reflect",
    ),
]


@pytest.mark.parametrize(
    ("layer", "settings", "shapes", "told"), REFUSED, ids=lambda part: str(part)[:40]
)
def test_what_does_not_fit_is_told(layer: str, settings: dict, shapes: tuple, told: str) -> None:
    assert told in refusal(layer, settings, *shapes)


@pytest.mark.parametrize(
    ("layer", "settings", "shapes"),
    [
        ("Concat", {"dim": 0}, ((N, 3), (2, 3))),
        ("Pad", {"padding": (9, 9), "mode": "replicate"}, ((N, 3),)),
        ("Pad", {"padding": (3, 3), "mode": "circular"}, ((N, 3),)),
        ("Pad", {"padding": (2, 2), "mode": "reflect"}, ((N, 3),)),
        ("Pad", {"padding": (0, 0, 1, 1)}, ((N, 3),)),
        ("Slice", {"start": -100, "stop": 100, "step": 50}, ((N, 3),)),
        ("Select", {"dim": 0, "index": -1}, ((N, 3),)),
        ("Expand", {"sizes": (3, -1, 3)}, ((N, 3),)),
        ("Permute", {"dims": ()}, ((),)),
        ("Stack", {"dim": -1}, ((), ())),
    ],
)
def test_what_just_fits_is_taken(layer: str, settings: dict, shapes: tuple) -> None:
    assert refusal(layer, settings, *shapes) == ""


@pytest.mark.parametrize(
    ("layer", "settings", "told"),
    [
        ("Reshape", {"shape": (-1, -1)}, "shape must leave at most one size open with −1"),
        ("Reshape", {"shape": (0, 3)}, "shape must be sizes of at least 1"),
        ("Reshape", {"shape": "x"}, "shape must be a tuple"),
        ("Unflatten", {"sizes": (1,) * 17}, "sizes must name at most 16 axes"),
        ("Expand", {"sizes": (-2, 3)}, "sizes must be sizes of at least 1"),
        ("Expand", {"sizes": (10**9 + 1,)}, "sizes must lie between −1,000,000,000 and"),
        ("Expand", {"sizes": (10**9,) * 3}, "sizes must multiply to at most 8,589,934,592 numbers"),
        ("Reshape", {"shape": (10**12, -1)}, "shape must lie between −1,000,000,000 and"),
        ("Unflatten", {"sizes": (10**9, 10)}, "sizes must multiply to at most 8,589,934,592"),
        ("Split", {"sizes": (5, 10**12)}, "sizes must lie between −1,000,000,000 and"),
        ("Split", {"sizes": (5,)}, "sizes must be empty or 2 to 16 sizes"),
        ("Split", {"sizes": (5, 0)}, "sizes must be sizes of at least 1"),
        ("Slice", {"stop": 10**12}, "stop must be less than or equal to 1000000000"),
        ("Slice", {"stop": -(10**12)}, "stop must be greater than or equal to -1000000000"),
        ("Slice", {"step": 0}, "step must be greater than or equal to 1"),
        ("Pad", {"padding": (1, 1, 1)}, "padding must be pairs"),
        ("Pad", {"padding": (1, 70_000)}, "padding must be at most 65536 each"),
        ("Pad", {"padding": (1, -1), "mode": "reflect"}, "mode must be constant where padding"),
        ("Transpose", {"dim0": 17}, "dim0 must be less than or equal to 16"),
    ],
)
def test_a_setting_out_of_range_is_told(layer: str, settings: dict, told: str) -> None:
    assert setting_refusal(layer, settings).startswith(told)


def test_one_size_alone_needs_no_comma() -> None:
    assert layers.Reshape(shape=12).shape == (12,)


def test_two_batches_joined_can_be_taken_apart_again() -> None:
    graph = Graph()
    graph.add("Input", id="a", shape=(3,))
    graph.add("Input", id="b", shape=(3,))
    graph.add("Concat", id="both", dim=0)
    graph.add("Split", id="apart", dim=0)
    graph.connect("a.out", "both.x1")
    graph.connect("b.out", "both.x2")
    graph.connect("both.out", "apart.x")

    shapes = graph.shapes()

    assert shapes["both.out"] == ("2N", 3)
    assert shapes["apart.out1"] == shapes["apart.out2"] == ("N", 3)


def test_ports_come_and_go_with_the_settings() -> None:
    graph = Graph()
    graph.add("Input", id="x", shape=(6,))
    graph.add("Split", id="split1")
    graph.add("Concat", id="concat1", count=3)
    graph.connect("x.out", "split1.x")
    graph.set("split1", sizes=(1, 2, 3))
    for number in (1, 2, 3):
        graph.connect(f"split1.out{number}", f"concat1.x{number}")

    assert graph.shapes()["concat1.out"] == ("N", 6)
    with pytest.raises(GraphError, match="Concat has no port x3"):
        graph.set("concat1", count=2)
    graph.disconnect("concat1.x3")
    graph.set("concat1", count=2)
    assert graph.shapes()["concat1.out"] == ("N", 3)
