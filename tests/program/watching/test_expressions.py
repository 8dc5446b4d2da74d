"""What expressions come to: the same as in torch."""

import pytest
import torch
from torch import Tensor

from .conftest import Watcher

SAME = [
    ("dw.norm() / w.norm()", lambda w, dw, x: dw.norm() / w.norm()),
    ("w - 0.1 * dw", lambda w, dw, x: w - 0.1 * dw),
    ("x @ w", lambda w, dw, x: x @ w),
    ("w.T @ dw", lambda w, dw, x: w.T @ dw),
    ("w[1, 2:5]", lambda w, dw, x: w[1, 2:5]),
    ("w[..., -1]", lambda w, dw, x: w[..., -1]),
    ("w[:, None] * 2", lambda w, dw, x: w[:, None] * 2),
    ("w[w > 0].mean()", lambda w, dw, x: w[w > 0].mean()),
    ("(dw == 0).mean()", lambda w, dw, x: (dw == 0).float().mean()),
    ("-abs(w) ** 2", lambda w, dw, x: -(w.abs() ** 2)),
    ("w·dw − 1", lambda w, dw, x: w * dw - 1),
    ("norm(w, 1)", lambda w, dw, x: w.abs().sum()),
    ("w.std(dim=0)", lambda w, dw, x: w.std(dim=0)),
    ("w.var(correction=0)", lambda w, dw, x: w.var(correction=0)),
    ("max(x) - min(x)", lambda w, dw, x: x.max() - x.min()),
    ("x.max(dim=1, keepdim=True)", lambda w, dw, x: x.amax(1, True)),
    ("x.argmax(1)", lambda w, dw, x: x.argmax(1)),
    ("sum(x, (0, 1))", lambda w, dw, x: x.sum()),
    ("torch.exp(x).log()", lambda w, dw, x: x.exp().log()),
    ("sqrt(square(x))", lambda w, dw, x: x.abs()),
    ("w.quantile(0.25)", lambda w, dw, x: w.quantile(0.25)),
    ("w.median()", lambda w, dw, x: w.median()),
    ("isnan(dw).any()", lambda w, dw, x: dw.isnan().any()),
    ("(0 < x < 1).all(1)", lambda w, dw, x: ((x > 0) & (x < 1)).all(1)),
    ("~(x > 0) | (x > 1)", lambda w, dw, x: ~(x > 0) | (x > 1)),
    ("x.softmax(1).sum(1)", lambda w, dw, x: x.softmax(1).sum(1)),
    ("w.flatten().sort(descending=True)[:3]", lambda w, dw, x: w.flatten().topk(3).values),
    ("w.reshape((8, 2))", lambda w, dw, x: w.reshape(8, 2)),
    ("w.clamp(min=0).reshape(4, -1)", lambda w, dw, x: w.clamp(min=0).reshape(4, -1)),
]


@pytest.mark.parametrize(("expression", "expected"), SAME, ids=[text for text, _ in SAME])
def test_tensors_come_to_what_torch_makes_of_them(watcher: Watcher, expression, expected) -> None:
    w, dw, x = (watcher.value(name) for name in ("fc1.w", "fc1.dw", "fc1.x"))
    found = watcher.value(expression)
    assert isinstance(found, Tensor)
    torch.testing.assert_close(found, expected(w, dw, x), check_dtype=False)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 ** 10 + 1", 1025),
        ("7 // 2 - 7 % 2", 2),
        ("-1.5e3", -1500.0),
        ("w.shape", (2, 8)),
        ("w.shape[0] * w.ndim", 4),
        ("w.numel() == w.size(0) * w.size(-1)", True),
        ("w.shape == dw.shape", True),
        ("1 < 2 < 3 and not 0", True),
        ("len(x)", 6),
        ("loss.loss.item() > 0", True),
        ("2.0 ** -1", 0.5),
        ("~True", False),
    ],
)
def test_numbers_truths_and_shapes(watcher: Watcher, expression: str, value: object) -> None:
    assert watcher.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("", "there is nothing to watch: write for example dw.norm() / w.norm()"),
        ("dw.norm( ", "this is no expression at character"),
        ("w = 3", "this is no expression at character 3"),
        ("w + x", "the shapes (2, 8) and (6, 2) do not fit +"),
        ("x @ x", "the shapes (6, 2) and (6, 2) do not fit @"),
        ("w @ 2", "@ joins matrices and vectors"),
        ("w[2, 0]", "w is (2, 8): index 2 is out of bounds"),
        ("w[0.5]", "an index or an axis is a whole number"),
        ("w.nrom()", "there is no function nrom here: did you mean norm?"),
        ("w.norm", "norm is a function: write norm() behind the dot"),
        ("w.shape()", "shape is written without parentheses: x.shape"),
        ("w.mean(axis=0)", "mean is written x.mean(dim=None, keepdim=False)"),
        ("w.mean(7)", "mean: Dimension out of range"),
        ("loss.loss.std()", "the spread of so few numbers is not defined"),
        ("w.data_ptr()", "there is no function data_ptr here"),
        ("w.__class__", "a tensor has no __class__ here"),
        ("w.norm.__globals__", "norm is a function"),
        ("(1).bit_length()", "there is no function bit_length here"),
        ("w and dw", "write & | ~ for tensors"),
        ("w.shape + 1", "a shape can be compared with a shape"),
        ("1 / 0", "/ divides by 0"),
        ("1 << 2", "only + - * / // % ** @ & | ^ and comparisons"),
        ("1.5 & 1", "& needs whole numbers or truths"),
        ("'w'", "'w' is not understood here"),
        ("[x for x in w]", "is not understood here"),
        ("(lambda: w)()", "lambda: w is no function"),
        ("3j", "only real numbers"),
        ("norm()", "norm takes a tensor: write norm(w)"),
        ("norm(**w)", "** gives nothing to a function here"),
        ("norm(*w)", "*w is not understood here"),
        ("w.norm(dw)", "norm takes one tensor"),
    ],
)
def test_what_cannot_be_computed_is_told_in_a_sentence(
    watcher: Watcher, expression: str, says: str
) -> None:
    assert says in watcher.error(expression)


def test_whole_numbers_are_averaged_and_multiplied_like_others(watcher: Watcher) -> None:
    x = watcher.value("fc1.x")
    chosen = x.argmax(1)
    assert watcher.value("x.argmax(1).mean()") == chosen.double().mean()
    assert torch.equal(watcher.value("x.argmax(1) @ x"), chosen.to(x.dtype) @ x)
    assert watcher.value("(x > 0).any(1) @ (x > 0).any(1)") == (x > 0).any(1).sum()
