"""Boxes are lined up and spread evenly, whatever they are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.graph.aligning import aligned, distributed

BOXES = {
    "a": (0.0, 0.0, 160.0, 60.0),
    "b": (200.0, 30.0, 160.0, 80.0),
    "c": (90.0, 300.0, 160.0, 40.0),
}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("left", {"a": (0, 0), "b": (0, 30), "c": (0, 300)}),
        ("right", {"a": (200, 0), "b": (200, 30), "c": (200, 300)}),
        ("column", {"a": (100, 0), "b": (100, 30), "c": (100, 300)}),
        ("top", {"a": (0, 0), "b": (200, 0), "c": (90, 0)}),
        ("bottom", {"a": (0, 280), "b": (200, 260), "c": (90, 300)}),
        ("row", {"a": (0, 140), "b": (200, 130), "c": (90, 150)}),
    ],
)
def test_boxes_are_put_on_one_line(line, wanted) -> None:
    assert aligned(BOXES, line) == wanted


def test_gaps_are_made_equal_between_the_outermost_two() -> None:
    assert distributed(BOXES, "across") == {"a": (0, 0), "c": (100, 300), "b": (200, 30)}
    # 340 high in all, 180 of it boxes: two gaps of 80.
    assert distributed(BOXES, "down") == {"a": (0, 0), "b": (200, 140), "c": (90, 300)}


sizes = st.integers(1, 400).map(float)
places = st.integers(-1000, 1000).map(float)
many = st.dictionaries(st.text(min_size=1), st.tuples(places, places, sizes, sizes), min_size=2)


@given(many, st.sampled_from(["left", "column", "right", "top", "row", "bottom"]))
def test_aligning_what_is_aligned_changes_nothing(boxes, line) -> None:
    once = aligned(boxes, line)
    again = aligned({id: (*once[id], *boxes[id][2:]) for id in boxes}, line)
    assert {id: pytest.approx(at) for id, at in once.items()} == again


@given(many, st.sampled_from(["across", "down"]))
def test_distributing_makes_every_gap_the_same_and_moves_along_one_axis(boxes, way) -> None:
    axis = 0 if way == "across" else 1
    found = distributed(boxes, way)
    assert all(found[id][1 - axis] == box[1 - axis] for id, box in boxes.items())
    order = sorted(boxes, key=lambda id: boxes[id][axis] * 2 + boxes[id][axis + 2])
    assert found[order[0]] == pytest.approx(boxes[order[0]][:2])
    assert found[order[-1]] == pytest.approx(boxes[order[-1]][:2])
    gaps = [found[b][axis] - found[a][axis] - boxes[a][axis + 2] for a, b in pairwise(order)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps))
