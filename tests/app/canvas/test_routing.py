"""The way around cards: past all that is in the way, with few turns, and told apart by lanes."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.app.canvas.lanes import Lanes
from explorer.app.canvas.lookup import meeting
from explorer.app.canvas.routing import LANES, straights, way_around

WIDE, HIGH, DEAR = 164.0, 86.0, 20.0


def card(x: float, y: float):
    return x, y, x + WIDE, y + HIGH, DEAR


def way_past(cards, start, end, lane=0):
    """The way from the right edge of the first card to the left edge of the last."""

    def others(box):
        left, top, right, bottom = box
        return [c for c in cards if c[0] < right and left < c[2] and c[1] < bottom and top < c[3]]

    return way_around(start, end, [cards[0], cards[-1]], others, lane)


def out(c):
    return c[2], c[1] + 53


def into(c):
    return c[0], c[1] + 53


def hidden(way, cards):
    """The pieces of a way that run behind cards."""
    return [
        (a, b)
        for a, b in pairwise(way)
        for left, top, right, bottom, _ in cards
        if min(a[0], b[0]) < right
        and left < max(a[0], b[0])
        and min(a[1], b[1]) < bottom
        and top < max(a[1], b[1])
    ]


def test_a_way_with_nothing_in_it_is_straight():
    cards = [card(0, 0), card(240, 0)]
    assert way_past(cards, out(cards[0]), into(cards[1])) == [out(cards[0]), into(cards[1])]


def test_cards_in_a_row_are_passed_on_the_nearer_side_close_to_them():
    cards = [card(240 * column, 0) for column in range(5)]
    start, *corners, end = way_past(cards, out(cards[0]), into(cards[-1]))
    assert (start, end) == (out(cards[0]), into(cards[-1]))
    assert corners == [(176, 53), (176, 98), (948, 98), (948, 53)]


def test_a_way_back_leaves_to_the_right_and_arrives_from_the_left():
    cards = [card(720, 0), card(480, 0), card(0, 0)]
    way = way_past(cards, out(cards[0]), into(cards[-1]))
    assert not hidden(way, cards)
    assert way[1][0] > way[0][0]
    assert way[-2][0] < way[-1][0]


def test_one_that_is_walled_in_runs_behind_one_card_and_no_more():
    wall = [card(300, HIGH * number) for number in range(-20, 20)]
    cards = [card(0, 0), *wall, card(600, 0)]
    way = way_past(cards, out(cards[0]), into(cards[-1]))
    assert len(hidden(way, wall)) == 1


def test_among_too_many_there_is_none():
    cards = [card(37.0 * number, 29.0 * number) for number in range(200)]
    known = [cards[0], *cards, cards[-1]]
    assert way_around(out(cards[0]), into(cards[-1]), known, lambda box: []) == []


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12, unique=True),
    st.integers(0, LANES - 1),
)
def test_between_cards_that_stand_apart_no_way_runs_behind_any(places, lane):
    cards = [card(240.0 * column, 150.0 * row) for column, row in places]
    way = way_past(cards, out(cards[0]), into(cards[-1]), lane)
    assert (way[0], way[-1]) == (out(cards[0]), into(cards[-1]))
    assert not hidden(way, cards)
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(way))


def test_each_lane_is_further_from_the_cards():
    cards = [card(240 * column, 0) for column in range(4)]
    rows = [way_past(cards, out(cards[0]), into(cards[-1]), lane)[2][1] for lane in range(LANES)]
    assert rows == sorted(set(rows))


def test_a_lane_is_taken_by_another_source_alone_and_free_again_when_left():
    way = [(0.0, 0.0), (12.0, 0.0), (12.0, 40.0), (90.0, 40.0), (90.0, 0.0), (100.0, 0.0)]
    lanes: Lanes[str] = Lanes()
    lanes.put("a", "x.out", way)
    beside = [(x, y + 6 if y else y) for x, y in way]
    assert lanes.is_free("x.out", way)
    assert not lanes.is_free("z.out", way)
    assert not lanes.is_free("z.out", [(x, y + 2) for x, y in way]), "too near to be told apart"
    assert lanes.is_free("z.out", [(x + 6, y) for x, y in beside])
    lanes.drop("a")
    assert lanes.is_free("z.out", way)


def test_the_straights_of_a_way_are_those_between_its_stubs():
    way = [(0.0, 0.0), (12.0, 0.0), (12.0, 40.0), (90.0, 40.0), (90.0, 0.0), (100.0, 0.0)]
    assert straights(way) == [(False, 12, 0, 40), (True, 40, 12, 90), (False, 90, 0, 40)]


boxes = st.lists(
    st.tuples(*[st.integers(-2000, 2000)] * 2, *[st.integers(1, 1500)] * 2).map(
        lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
    ),
    max_size=12,
)


@given(boxes, boxes)
def test_boxes_that_meet_others_are_found_as_one_by_one(some, others):
    expected = [
        number
        for number, a in enumerate(some)
        if any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in others)
    ]
    arrays = [np.array(each, dtype=np.float64).reshape(-1, 4) for each in (some, others)]
    assert meeting(*arrays) == expected


@pytest.mark.parametrize("lane", range(LANES))
def test_ways_of_all_lanes_fit_between_two_lines_of_cards(lane):
    above = [card(240 * column, 0) for column in range(4)]
    below = [card(240 * column, 130) for column in range(4)]
    cards = [above[0], *above[1:-1], *below, above[-1]]
    way = way_past(cards, out(above[0]), into(above[-1]), lane)
    assert not hidden(way, cards)
