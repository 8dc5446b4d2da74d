"""A student reads the pages of the layers that every course has, number by number."""

import pytest
import torch
from torch import Tensor

from explorer.app.explain.ink import number
from explorer.program.explanation.arithmetic import value_of

from .nets import NETS

PHASES = pytest.mark.parametrize("phase", ["forward", "backward"])


# What holds of every page


@PHASES
@pytest.mark.parametrize("layer", NETS)
def test_a_number_is_what_its_page_says(student, layer, phase):
    reader = student(layer)
    reader.opens("it", phase)
    for written in reader.explanation.written:
        tensor = reader.tensor(written.name)
        for at in {0, tensor.numel() // 2, tensor.numel() - 1}:
            index = [int(i) for i in torch.unravel_index(torch.tensor(at), tensor.shape)]
            reader.asks_for(written.name, *index)
            assert reader.value == float(tensor[tuple(index)])
            assert_page_comes_to(reader, float(tensor.abs().max()))


@pytest.mark.parametrize("layer", NETS)
def test_a_click_on_a_number_explains_that_number(student, layer):
    reader = student(layer)
    reader.opens("it", "backward")
    cells = reader.page.triptych.downstream.cells
    name = reader.explanation.written[0].name
    index = cells.picture.index_at(1, 1)

    reader.clicks(cells, 1, 1)

    assert reader.explanation.element.index == index
    assert reader.value == float(reader.tensor(name)[index])
    assert number(reader.value) in reader.reads()


def assert_page_comes_to(reader, size: float) -> None:
    """The sum, its terms, the formula with numbers and the words all tell the same number."""
    page, words = reader.explanation, reader.reads()
    assert f"= {number(reader.value)}" in words
    assert page.refusal == ""
    if page.total is not None and page.total.is_sum:
        assert page.total.total == pytest.approx(reader.value, rel=1e-4, abs=1e-5 * size)
        told = sum(term.value for term in page.total.terms) + page.total.rest
        assert told == pytest.approx(reader.value, rel=1e-4, abs=1e-5 * size)
        if page.total.count > 1 and any(term.value for term in page.total.terms):
            assert number(page.total.terms[0].value) in words
    if page.in_numbers:
        assert value_of(page.in_numbers) == pytest.approx(reader.value, rel=0.01, abs=0.01 * size)
    if reader.value == 0:
        assert page.zero.sentences
        assert page.zero.sentences[0] in words


# Layer by layer


def test_linear_a_weight_counts_in_every_row(student):
    reader = student("Linear")
    reader.opens("it", "forward")
    reader.asks_for("out", 2, 1)
    assert "Σᵢ x[2, i] · w[i, 1] + b[1]" in reader.reads()
    assert torch.equal(reader.lit("x"), only(reader.tensor("x"), 2))
    assert torch.equal(reader.lit("w"), only(reader.tensor("w"), slice(None), 1))

    reader.opens("it", "backward")
    reader.asks_for("dw", 3, 1)
    assert "Σₙ x[n, 3] · dout[n, 1]" in reader.reads()
    assert torch.equal(reader.lit("dout"), only(reader.tensor("dout"), slice(None), 1))
    assert torch.equal(reader.lit("x"), only(reader.tensor("x"), slice(None), 3))
    product = float(reader.tensor("x")[:, 3] @ reader.tensor("dout")[:, 1])
    assert reader.value == pytest.approx(product, rel=1e-4)


def test_conv2d_a_pixel_sees_one_window_and_is_blamed_by_the_windows_it_is_in(student):
    reader = student("Conv2d")
    reader.opens("it", "forward")
    reader.asks_for("out", 0, 1, 2, 3)
    window = (0, slice(None), slice(2, 5), slice(3, 6))
    assert torch.equal(reader.lit("x"), only(reader.tensor("x"), *window))
    assert torch.equal(reader.lit("w"), only(reader.tensor("w"), 1))

    reader.opens("it", "backward")
    reader.asks_for("dx", 0, 1, 0, 0)
    corner = (0, slice(None), 0, 0)
    assert torch.equal(reader.lit("dout"), only(reader.tensor("dout"), *corner))
    w, dout = reader.tensor("w"), reader.tensor("dout")
    assert reader.value == pytest.approx(float(w[:, 1, 0, 0] @ dout[0, :, 0, 0]), rel=1e-4)


def test_relu_lets_through_or_says_that_it_is_closed(student):
    reader = student("ReLU")
    reader.opens("it", "backward")
    x, dout = reader.tensor("x"), reader.tensor("dout")
    opened, closed = (mask.nonzero()[0].tolist() for mask in (x > 0, x <= 0))

    reader.asks_for("dx", *opened)
    assert reader.value == float(dout[tuple(opened)])
    assert "Why it is 0" not in reader.reads()
    reader.asks_for("dx", *closed)
    assert f"is 0: the ReLU is closed, since x is not above 0. Here x{closed} = " in reader.reads()
    assert reader.lit("dout").sum() == reader.lit("dout")[tuple(closed)] == 1


def test_sigmoid_puts_its_output_into_its_slope(student):
    reader = student("Sigmoid")
    reader.opens("it", "backward")
    reader.asks_for("dx", 4, 2)
    out, dout = float(reader.tensor("out")[4, 2]), float(reader.tensor("dout")[4, 2])
    assert reader.value == pytest.approx(dout * out * (1 - out), rel=1e-4)
    assert f"· {out:.4g} · (1 − {out:.4g})" in reader.reads()
    assert reader.lit("out").sum() == reader.lit("out")[4, 2] == 1


def test_softmax_a_row_shares_one_whole(student):
    reader = student("Softmax")
    reader.opens("it", "forward")
    reader.asks_for("out", 3, 2)
    assert torch.equal(reader.lit("x"), only(reader.tensor("x"), 3))
    whole = float(reader.tensor("x")[3].exp().sum())
    assert f" / {whole:.4g}" in reader.reads()

    reader.opens("it", "backward")
    reader.asks_for("dx", 3, 2)
    assert torch.equal(reader.lit("dout"), only(reader.tensor("dout"), 3))
    assert reader.explanation.total.count == 4


def test_cross_entropy_is_the_mean_over_rows_and_pulls_towards_the_class(student):
    reader = student("CrossEntropyLoss")
    reader.opens("it", "forward")
    y_hat, y = reader.tensor("y_hat"), reader.tensor("y")
    parts = [-float(row.log_softmax(0)[label]) for row, label in zip(y_hat, y, strict=True)]
    assert f"({' + '.join(f'{part:.4g}' for part in parts)}) / 6" in reader.reads()
    assert reader.lit("y_hat").all()

    reader.opens("it", "backward")
    for column in range(3):
        reader.asks_for("dy_hat", 1, column)
        share = float(y_hat[1].softmax(0)[column])
        assert f"({share:.4g} − {int(column == y[1])}) / 6 · 1" in reader.reads()
    assert "y gets no gradient: it holds whole numbers, which have no slope." in reader.reads()


def test_batch_norm_looks_along_the_batch_and_layer_norm_along_the_row(student):
    for layer, group in (("BatchNorm1d", (slice(None), 2)), ("LayerNorm", (4,))):
        reader = student(layer)
        reader.opens("it", "forward")
        reader.asks_for("out", 4, 2)
        x = reader.tensor("x")
        assert torch.equal(reader.lit("x"), only(x, *group))
        assert f"= 1 · ({number_of(x[4, 2])} − {in_brackets(x[group].mean())})" in reader.reads()
        assert reader.explanation.in_numbers.endswith(" + 0"), "beta is 0 before it has learned"

        reader.opens("it", "backward")
        reader.asks_for("dx", 4, 2)
        assert torch.equal(reader.lit("dout"), only(reader.tensor("dout"), *group))
        assert "slope: how much out in that place changes with x[4, 2]" in reader.reads()


def test_dropout_makes_up_for_what_it_drops_and_says_what_it_dropped(student):
    reader = student("Dropout")
    reader.opens("it", "backward")
    dx, dout = reader.tensor("dx"), reader.tensor("dout")
    kept, dropped = (mask.nonzero()[0].tolist() for mask in (dx != 0, dx == 0))

    reader.asks_for("dx", *kept)
    assert f"= {number_of(dout[tuple(kept)])} / (1 − 0.5)" in reader.reads()
    reader.asks_for("dx", *dropped)
    assert f"= 0 · {in_brackets(dout[tuple(dropped)])}" in reader.reads()
    assert f"dx{dropped} is 0: it was dropped in this batch." in reader.reads()


def test_max_pool_gives_all_to_the_largest_of_a_window(student):
    reader = student("MaxPool2d")
    reader.opens("it", "backward")
    window = reader.tensor("x")[0, 0, :2, :2]
    largest, least = (divmod(int(at), 2) for at in (window.argmax(), window.argmin()))

    reader.asks_for("dx", 0, 0, *largest)
    assert "= dout[0, 0, 0, 0]" in reader.reads()
    assert reader.value == float(reader.tensor("dout")[0, 0, 0, 0])
    reader.asks_for("dx", 0, 0, *least)
    assert "is 0: x was not the largest number of any window." in reader.reads()
    assert "Nothing of what arrives reaches dx[0, 0, " in reader.reads()


def test_lstm_a_step_is_blamed_for_all_steps_behind_it_and_none_before(student):
    reader = student("LSTM")
    reader.opens("it", "forward")
    reader.asks_for("out", 2, 3, 1)
    assert torch.equal(reader.lit("x"), only(reader.tensor("x"), 2, slice(0, 4)))

    reader.opens("it", "backward")
    reader.asks_for("dx", 2, 3, 1)
    assert torch.equal(reader.lit("dout"), only(reader.tensor("dout"), 2, slice(3, 5)))
    assert reader.explanation.total.count == 2 * 4


def test_causal_attention_looks_at_nothing_behind_a_position(student):
    reader = student("MultiheadAttention")
    reader.opens("it", "forward")
    reader.asks_for("out", 1, 2, 0)
    assert torch.equal(reader.lit("value"), only(reader.tensor("value"), 1, slice(0, 3)))

    reader.opens("it", "backward")
    reader.asks_for("dvalue", 1, 3, 0)
    assert torch.equal(reader.lit("dout"), only(reader.tensor("dout"), 1, slice(3, 5)))
    reader.asks_for("dquery", 1, 0, 2)
    assert "or at a single one that has all the weight in any case" in reader.reads()


def test_embedding_a_vector_is_blamed_wherever_it_was_picked(student):
    reader = student("Embedding")
    reader.opens("it", "forward")
    letters = reader.tensor("x")
    reader.asks_for("out", 1, 2, 3)
    assert f"= w[{int(letters[1, 2])}, 3]" in reader.reads()

    reader.opens("it", "backward")
    reader.asks_for("dw", 7, 3)
    picked = torch.zeros_like(reader.tensor("dout"), dtype=torch.bool)
    picked[..., 3] = letters == 7
    assert torch.equal(reader.lit("dout"), picked)
    reader.asks_for("dw", 20, 3)
    assert "dw[20, 3] is 0: no index in this batch picks this vector" in reader.reads()


def only(like: Tensor, *index: int | slice) -> Tensor:
    """True there alone."""
    found = torch.zeros(like.shape, dtype=torch.bool)
    found[index] = True
    return found


def number_of(value: Tensor) -> str:
    return f"{float(value):.4g}".replace("-", "−")


def in_brackets(value: Tensor) -> str:
    return f"({number_of(value)})" if value < 0 else number_of(value)
