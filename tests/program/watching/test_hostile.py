"""Whatever is typed: a value of bounded size, or a WatchError with a sentence, and no harm."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from explorer.program.watching import FUNCTIONS, PROPERTIES, WatchError
from explorer.program.watching.arithmetic import MOST

from .conftest import Watcher

LEAVES = (
    *("w", "dw", "x", "fc1.w", "fc1.dw", "fc1.w.grad", "data.y", "loss.loss", "fc1", "nobody"),
    *("0", "1", "-1", "2", "64", "0.5", "1e308", "10**9", "9" * 30, "True", "None", "..."),
    *("'s'", "b'b'", "1j", "()", "(1, 2)", "[]", "{}", "w.__class__", "().__class__.__bases__"),
    *("__import__", "eval", "open", "torch", "torch.load", "w.data", "w.grad_fn", "w.shape", "w.T"),
)
JOINTS = (
    *("+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", "==", "!=", "<", ">="),
    *(" and ", " or ", " in ", " is ", " if 1 else ", ":=", ",", "="),
)
METHODS = (
    *FUNCTIONS,
    *PROPERTIES,
    *("__init__", "__reduce__", "__getattribute__", "repeat", "expand", "copy_", "zero_", "apply_"),
    *("numpy", "tolist", "register_hook", "backward", "map_", "new_zeros", "format", "real"),
)


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(JOINTS), inner).map("({0[0]}{0[1]}{0[2]})".format),
        st.tuples(inner, st.sampled_from(METHODS)).map("{0[0]}.{0[1]}".format),
        st.tuples(inner, st.sampled_from(METHODS), inner).map("{0[0]}.{0[1]}({0[2]})".format),
        st.tuples(st.sampled_from(METHODS), inner, inner).map("{0[0]}({0[1]}, {0[2]})".format),
        st.tuples(inner, st.sampled_from(METHODS), inner).map("{0[0]}.{0[1]}(dim={0[2]})".format),
        st.tuples(inner, inner, inner).map("{0[0]}[{0[1]}, {0[2]}:]".format),
        st.tuples(inner, inner).map("{0[0]}[{0[1]}]".format),
        inner.map("-{}".format),
        inner.map("(lambda: {})()".format),
        inner.map("[{} for w in w]".format),
    )


EXPRESSIONS = st.recursive(st.sampled_from(LEAVES), compound, max_leaves=8)


def comes_to_no_harm(watcher: Watcher, text: str) -> None:
    before = {n: v.clone() for n, v in watcher.stepper.session.parameters.items()}
    try:
        found = watcher.value(text)
    except WatchError as error:
        assert str(error).strip(), text
        assert "\n" not in str(error), text
    else:
        if isinstance(found, Tensor):
            assert found.numel() <= MOST
        elif isinstance(found, tuple):
            assert all(type(size) is int for size in found)
        else:
            assert type(found) in (int, float, bool)
    after = watcher.stepper.session.parameters
    assert all(value.equal(after[name]) for name, value in before.items())
    assert watcher.read(text).expression == text, "reading it for the window does no harm either"


@settings(
    deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(EXPRESSIONS)
def test_an_expression_put_together_by_someone_hostile(watcher: Watcher, text: str) -> None:
    comes_to_no_harm(watcher, text)


@settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60))
def test_any_text(watcher: Watcher, text: str) -> None:
    comes_to_no_harm(watcher, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10 ** 10 ** 10", "too large"),
        ("2 ** 64 ** 64", "too large"),
        ("9" * 390, "too large"),
        ("*".join(["99999999"] * 40), ""),
        ("w.repeat(10 ** 9)", "there is no function repeat"),
        ("w.expand(10 ** 9, 10 ** 9)", "there is no function expand"),
        ("w[:, :, None, None, None, None] + w[:, :, None, None] * w + dw", ""),
        ("x" + "[:, None]" * 40, "this is too long"),
        ("(" * 150 + "1" + ")" * 150, ""),
        ("-" * 390 + "1", "this is too long"),
        ("w" + ".T" * 100, "this is too long"),
        ("1" + "+1" * 190, "this is too long"),
        ("w" * 500, "at most 400 characters"),
        ("__import__('os').system('true')", "is not understood here"),
        ("w.__class__.__mro__[1].__subclasses__()", "a tensor has no __class__ here"),
        ("(w := 3)", "is not understood here"),
        ("w.data.zero_()", "a tensor has no data here"),
        ("f'{w}'", "is not understood here"),
        ("\0", "this is no expression"),
    ],
)
def test_known_ways_to_do_harm(watcher: Watcher, text: str, says: str) -> None:
    comes_to_no_harm(watcher, text)
    assert says in watcher.error(text)


def test_a_result_larger_than_all_that_it_is_made_of_is_refused(watcher: Watcher) -> None:
    many = "w[:, :, None, None, None, None] * (w[:, :, None, None] * w)"
    assert watcher.error(many) == ""
    wider = f"({many})[..., None, None, None, None, None, None] * ({many})"
    assert "a watch has at most" in watcher.error(wider)
