"""Any window of any plane of any tensor shows the very numbers that torch's indexing gives."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from explorer.program.viewing import (
    Curves,
    Cut,
    Images,
    Overview,
    Subject,
    ViewError,
    Window,
    first_cut,
)

DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.bool)


@st.composite
def tensors(draw, least: int = 0, most: int = 5) -> Tensor:
    """A small tensor of any kind, in any order in memory."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=least, max_size=most))
    numbers = torch.arange(float(np.prod(sizes, initial=1))) - 7
    made = numbers.to(draw(st.sampled_from(DTYPES))).reshape(sizes)
    return made.permute(draw(st.permutations(range(len(sizes)))))


@st.composite
def cuts(draw, shape: tuple[int, ...]) -> Cut:
    axes = draw(st.permutations(range(len(shape))))
    uses: list = [draw(st.integers(0, size - 1)) for size in shape]
    for axis, use in zip(axes, ("rows", "columns"), strict=False):
        if draw(st.booleans()):
            uses[axis] = use
    return Cut(tuple(uses))


def spans(size: int):
    return st.tuples(st.integers(0, size), st.integers(0, size)).map(
        lambda ends: tuple(sorted(ends))
    )


def indexed(tensor: Tensor, cut: Cut) -> np.ndarray:
    """The plane, number by number."""
    rows, columns = cut.size(tuple(tensor.shape))
    plain = tensor.to(torch.float64)
    at = [[cut.index(row, column) for column in range(columns)] for row in range(rows)]
    return np.array([[plain[index].item() for index in row] for row in at])


@given(st.data())
def test_any_window_of_any_plane_equals_indexing(data) -> None:
    tensor = data.draw(tensors())
    cut = data.draw(cuts(tuple(tensor.shape)))
    size = cut.size(tuple(tensor.shape))
    rows, columns = (data.draw(spans(n)) for n in size)

    found = Window(cut, rows, columns).of(Subject(tensor))

    whole = indexed(tensor, cut)
    assert np.array_equal(found, whole[slice(*rows), slice(*columns)])


@given(st.data())
def test_the_place_of_an_entry_is_where_its_number_stands(data) -> None:
    tensor = data.draw(tensors())
    cut = data.draw(cuts(tuple(tensor.shape)))
    rows, columns = cut.size(tuple(tensor.shape))
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))

    index = cut.index(row, column)

    assert index is not None
    assert cut.place(index) == (row, column)


@given(st.data())
def test_a_difference_is_that_of_the_numbers(data) -> None:
    one = data.draw(tensors()).to(torch.float64)
    other = torch.rand(one.shape, dtype=torch.float64)
    cut = data.draw(cuts(tuple(one.shape)))
    rows, columns = cut.size(tuple(one.shape))

    found = Window(cut, (0, rows), (0, columns)).of(Subject(one, other))

    assert np.array_equal(found, indexed(one, cut) - indexed(other, cut))


REDUCED = {
    "mean": lambda numbers, axis: numbers.mean(axis),
    "norm": lambda numbers, axis: np.sqrt((numbers**2).sum(axis)),
    "peak": lambda numbers, axis: np.where(
        -numbers.min(axis) > numbers.max(axis), numbers.min(axis), numbers.max(axis)
    ),
}


@pytest.mark.parametrize("how", REDUCED)
def test_an_axis_can_be_reduced_in_place_of_one_index_of_it(how: str) -> None:
    tensor = torch.randn(3, 4, 5, dtype=torch.float64)

    found = Window(Cut(("rows", how, "columns")), (0, 3), (1, 5)).of(Subject(tensor))

    assert found == pytest.approx(REDUCED[how](tensor.numpy(), 1)[:, 1:5])
    assert Cut(("rows", how, "columns")).index(0, 0) is None


def test_several_axes_can_be_reduced() -> None:
    tensor = torch.randn(3, 4, 5, 2)
    found = Window(Cut(("mean", "columns", "rows", "mean")), (0, 5), (0, 4)).of(Subject(tensor))

    assert found == pytest.approx(tensor.mean((0, 3)).T.numpy(), abs=1e-6)


def test_a_reduced_difference_is_subtracted_first() -> None:
    one, other = torch.randn(3, 4), torch.randn(3, 4)
    found = Window(Cut(("norm", "columns")), (0, 1), (0, 4)).of(Subject(one, other))

    assert found == pytest.approx((one - other).norm(dim=0)[None].numpy(), abs=1e-6)


@pytest.mark.parametrize("by", ["mean", "peak"])
@given(st.data())
def test_an_overview_sums_up_whole_blocks(by, data) -> None:
    shape = data.draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    tensor = torch.randn(shape)
    if data.draw(st.booleans()):
        tensor = tensor.T.contiguous().T
    rows, columns = data.draw(spans(shape[0])), data.draw(spans(shape[1]))
    most = data.draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))

    found = Overview(first_cut(shape), rows, columns, most, by).of(Subject(tensor))

    part = tensor[slice(*rows), slice(*columns)].numpy()
    high, wide = found.block
    assert found.numbers.shape == (-(-part.shape[0] // high), -(-part.shape[1] // wide))
    assert not part.size or (np.array(found.numbers.shape) <= most).all()
    for row, column in np.ndindex(found.numbers.shape):
        block = part[row * high : (row + 1) * high, column * wide : (column + 1) * wide]
        expected = block.mean() if by == "mean" else REDUCED["peak"](block.ravel(), 0)
        assert found.numbers[row, column] == pytest.approx(expected, abs=1e-6)


def test_one_nan_among_millions_is_seen_in_the_overview() -> None:
    tensor = torch.zeros(2000, 2000)
    tensor[1234, 567] = float("nan")
    for by in ("mean", "peak"):
        found = Overview(first_cut((2000, 2000)), (0, 2000), (0, 2000), by=by).of(Subject(tensor))
        assert np.argwhere(np.isnan(found.numbers)).tolist() == [[1234 // 4, 567 // 4]]


@pytest.mark.parametrize("shape", [(3000, 2000), (1, 5_000_000), (5_000_000,), (2, 3, 900, 1100)])
def test_what_is_handed_out_is_of_bounded_size(shape: tuple[int, ...]) -> None:
    subject = Subject(torch.ones(shape))
    cut = first_cut(shape)
    rows, columns = ((0, size) for size in cut.size(shape))

    picture = Overview(cut, rows, columns).of(subject)
    assert max(picture.numbers.shape) <= 512 and (picture.numbers == 1).all()
    assert Curves(cut, most=8).of(subject).y.size <= 8 * 2048
    if len(shape) > 1:
        assert Images().of(subject).numbers.size <= 2**20
    if rows[1] * columns[1] > 2**20:
        with pytest.raises(ViewError, match="more than 1,048,576 numbers"):
            Window(cut, rows, columns).of(subject)


def test_what_is_handed_out_is_a_copy() -> None:
    tensor = torch.zeros(4, 4)
    cut = first_cut((4, 4))
    queries = (Window(cut, (0, 4), (0, 4)), Curves(cut), Overview(cut, (0, 4), (0, 4)), Images())
    window, lines, picture, tiles = (query.of(Subject(tensor)) for query in queries)

    tensor.fill_(9)

    assert not any(part.any() for part in (window, lines.y, picture.numbers, tiles.numbers))


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3), (2, 0, 4, 4), (0, 2, 3, 3)])
def test_empty_tensors_have_empty_planes(shape: tuple[int, ...]) -> None:
    subject, cut = Subject(torch.empty(shape)), first_cut(shape)

    assert cut.size(shape) == (0, 0)
    assert Window(cut, (0, 5), (0, 5)).of(subject).size == 0
    assert Overview(cut, (0, 5), (0, 5)).of(subject).numbers.size == 0
    assert Curves(cut).of(subject).y.size == 0


def test_what_lies_outside_is_cut_off() -> None:
    assert Window(first_cut((2, 3)), (1, 9), (-4, 2)).of(Subject(torch.ones(2, 3))).shape == (1, 2)


@pytest.mark.parametrize(
    ("uses", "words"),
    [
        ((0, "rows"), "has 2 axes and the tensor 3"),
        ((0, 9, "rows"), "axis 1 has no index 9: it ends at 3"),
    ],
)
def test_a_cut_that_does_not_fit_is_told(uses, words: str) -> None:
    with pytest.raises(ViewError, match=words):
        Window(Cut(uses), (0, 1), (0, 1)).of(Subject(torch.ones(3, 4, 5)))


def test_only_one_axis_can_be_the_rows() -> None:
    with pytest.raises(ViewError, match="only one axis can be the rows"):
        Cut(("rows", "rows"))


def test_tensors_of_other_shapes_cannot_be_subtracted() -> None:
    with pytest.raises(ViewError, match=r"\(2, 3\) and the other \(3, 2\)"):
        Subject(torch.ones(2, 3), torch.ones(3, 2))


def test_images_stand_by_sample_and_channel() -> None:
    tensor = torch.arange(2.0 * 5 * 3 * 4 * 6).reshape(2, 5, 3, 4, 6)
    tiles = Images(leading=(1,), first=(2, 1), most=(2, 2)).of(Subject(tensor))

    assert np.array_equal(tiles.numbers, tensor[1, 2:4, 1:3].numpy())
    assert (tiles.first, tiles.of, tiles.block) == ((2, 1), (5, 3), 1)
    assert Images().of(Subject(tensor[0, 0])).of == (3, 1)
    assert Images().of(Subject(tensor[0, 0, 0])).of == (1, 1)
    with pytest.raises(ViewError, match="no stack of images"):
        Images().of(Subject(torch.ones(3)))


def test_large_images_are_averaged_down() -> None:
    image = torch.arange(300.0 * 200).reshape(1, 1, 300, 200)
    tiles = Images(side=100).of(Subject(image))

    assert tiles.block == 3
    assert tiles.numbers.shape == (1, 1, 100, 67)
    assert tiles.numbers[0, 0, 2, 5] == pytest.approx(image[0, 0, 6:9, 15:18].mean().item())


def test_long_curves_keep_their_outliers() -> None:
    signal = torch.zeros(3, 100_000)
    signal[1, 54_321] = -8.0
    lines = Curves(Cut(("rows", "columns")), first=1, most=1).of(Subject(signal))

    assert (lines.first, lines.of) == (1, 3)
    assert lines.y.shape == (1, len(lines.x)) and len(lines.x) <= 2048
    assert lines.x[lines.y[0].argmin()] == pytest.approx(54_321, abs=100)
    assert lines.y.min() == -8.0
    assert (np.diff(lines.x) >= 0).all() and lines.x[-1] < 100_000
