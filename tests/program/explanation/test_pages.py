"""The page about one element of one call, as a student asks for it."""

from collections.abc import Callable

import pytest
import torch

from explorer import Graph
from explorer.program.explanation import UnknownElementError, explain, parse
from tests.program.conftest import GRAPHS

X = torch.tensor([[0.5, -1.0], [0.0, 2.0], [1.5, 0.25]], dtype=torch.float64)
Y = torch.tensor([[1.0], [0.0], [1.0]], dtype=torch.float64)


def two_layers(second: str = "ReLU", **settings: object) -> Graph:
    graph = Graph()
    graph.add("Input", id="x", shape=(2,))
    graph.add("Linear", id="fc1", out_features=2)
    graph.add(second, id="act", **settings)
    graph.add("Linear", id="fc2", out_features=1)
    graph.add("Input", id="y", shape=(1,))
    graph.add("MSELoss", id="loss")
    for wire in ("x.out fc1.x", "fc1.out act.x", "act.out fc2.x", "fc2.out loss.y_hat"):
        graph.connect(*wire.split())
    graph.connect("y.out", "loss.y")
    return graph


WEIGHTS = {
    "fc1__w": [[1.0, -1.0], [0.5, 2.0]],
    "fc1__b": [0.0, 0.1],
    "fc2__w": [[1.0], [-0.5]],
    "fc2__b": [0.25],
}
FED = {"x.out": X, "y.out": Y}


@pytest.fixture
def student(walk: Callable) -> object:
    """Somebody who steps through a net of two layers."""
    return walk(two_layers(), FED, **WEIGHTS)


def test_a_weight_s_gradient_is_the_sum_over_the_rows(student: object) -> None:
    page = student.explain("fc2", "dw", 1, 0)

    assert page.element.text == "dw[1, 0]"
    assert page.total.pattern == "Σₙ x[n, 1] · dout[n, 0]"
    assert [term.entry.text for term in page.total.terms][0] == "dout[1, 0]"
    first = page.total.terms[0]
    assert [(factor.text, factor.value) for factor in first.factors] == [("x[1, 1]", 4.1)]
    assert page.total.count == 3
    assert page.total.total == pytest.approx(page.element.value, abs=1e-14)


def test_what_training_left_is_explained_no_worse(walk: Callable) -> None:
    with torch.inference_mode():
        rows = {name: numbers.clone() for name, numbers in FED.items()}
        steps = walk(two_layers(), rows, **WEIGHTS)
        call = steps.to("fc1", "backward")
    page = explain(steps.stepper.session, call, "dw", (0, 0))

    assert page.total.pattern == "Σₙ x[n, 0] · dout[n, 0]"
    assert page.total.count == 3, "a row whose x is 0 counts, too"


def test_the_equation_comes_with_the_shapes_of_this_call(student: object) -> None:
    page = student.explain("fc2", "dw", 1, 0)

    shaped = {equation.name: equation.shaped for equation in page.equations}
    assert shaped["dw"] == "dw (2, 1) = xᵀ (2, 3) · dout (3, 1)"
    assert shaped["dx"] == "dx (3, 2) = dout (3, 1) · wᵀ (1, 2)"


def test_what_it_was_made_with_is_lit(student: object) -> None:
    page = student.explain("fc2", "dw", 1, 0)

    lit = {(each.address.name, each.address.part): each.boxes for each in page.lit}
    assert lit == {("dfc2", ""): ((slice(0, 3), 0),), ("fc2_cache", "x"): ((slice(0, 3), 1),)}
    assert {each.count for each in page.lit} == {3}


def test_an_output_is_the_sum_over_its_inputs(student: object) -> None:
    page = student.explain("fc1", "out", 0, 1, phase="forward")

    assert page.total.pattern == "Σᵢ x[0, i] · w[i, 1] + b[1]"
    assert page.total.total == pytest.approx(-0.5 - 2.0 + 0.1)
    assert {each.address.name for each in page.lit} == {"x", "fc1_w", "fc1_b"}


def test_a_curve_has_its_numbers_put_into_its_formula(walk: Callable) -> None:
    page = walk(two_layers("Tanh"), FED, **WEIGHTS).explain("act", "dx", 0, 0)

    out = float(torch.tanh(torch.tensor(0.0)))
    assert page.in_numbers.endswith(f"· (1 − {out:.4g}²)")
    assert page.triptych.each
    assert page.triptych.local.name == "∂out/∂x"


def test_the_three_pictures_of_a_curve_multiply_cell_by_cell(walk: Callable) -> None:
    pictures = walk(two_layers("Sigmoid"), FED, **WEIGHTS).explain("act", "dx", 1, 1).triptych

    product = pictures.local.numbers * pictures.upstream.numbers
    assert product == pytest.approx(pictures.downstream.numbers)
    assert pictures.downstream.marked == (1, 1)
    assert pictures.upstream.lit.tolist() == [[False, False], [False, True], [False, False]]


def test_the_pictures_of_a_weight_multiply_and_add_up(student: object) -> None:
    page = student.explain("fc2", "dw", 1, 0)
    pictures = page.triptych

    assert not pictures.each
    assert pictures.local.name == "∂out/∂w[1, 0]"
    total = (pictures.local.numbers * pictures.upstream.numbers).sum()
    assert total == pytest.approx(page.element.value)
    assert pictures.downstream.index_at(1, 0) == (1, 0)


def test_the_chain_goes_from_the_loss_to_here_factor_by_factor(student: object) -> None:
    chain = student.explain("fc1", "dw", 0, 0).chain

    assert chain.products == ("∂loss/∂fc2 · ∂fc2/∂act · ∂act/∂fc1 · ∂fc1/∂fc1_w",)
    assert [factor.node for factor in chain.factors] == ["loss", "fc2", "act", "fc1"]
    assert [f.arriving for f in chain.factors[1:]] == [f.leaving for f in chain.factors[:-1]]
    assert chain.factors[0].arriving == 1.0


def test_going_forward_the_chain_is_told_without_numbers(student: object) -> None:
    chain = student.explain("act", "out", 0, 0, phase="forward").chain

    assert chain.products == ("∂loss/∂fc2 · ∂fc2/∂act",)
    assert [factor.gain for factor in chain.factors] == [None, None]


def test_what_one_reader_of_several_gives_back_is_told_as_its_share(walk: Callable) -> None:
    steps = walk(GRAPHS["residual"](), {"x.out": torch.rand(3, 4, dtype=torch.float64)})
    steps.stepper.run_to_end()
    share = next(call for call in steps.program.backward_calls if call.node == "skip")

    session, last = steps.stepper.session, steps.program.calls[-1]

    direct = {explain(session, share, name).chain.symbol for name in ("da", "db")}
    assert direct == {"∂loss/∂x through skip.b", "∂loss/∂tanh1"}
    assert explain(session, last).chain.symbol == "∂loss/∂x"


def test_where_paths_meet_the_chain_is_a_sum_over_them(walk: Callable) -> None:
    graph = GRAPHS["residual"]()
    steps = walk(graph, {"x.out": torch.rand(3, 4, dtype=torch.float64)})
    steps.stepper.run_to_end()
    last = steps.program.calls[-1]

    page = explain(steps.stepper.session, last)

    assert page.chain.paths == 2
    assert set(page.chain.products) == {
        "∂mean/∂skip · ∂skip/∂x",
        "∂mean/∂skip · ∂skip/∂tanh1 · ∂tanh1/∂fc1 · ∂fc1/∂x",
    }


def test_an_addition_is_explained_by_the_gradients_that_meet(walk: Callable) -> None:
    steps = walk(GRAPHS["three_ways"](), {"x.out": torch.rand(3, 3, dtype=torch.float64)})
    addition = next(call for call in steps.program.calls if call.is_addition)
    steps.stepper.go_to(addition.index + 1)

    page = explain(steps.stepper.session, addition, None, (1, 2))

    assert page.total.count == 3
    assert page.total.total == pytest.approx(page.element.value)
    assert page.equations[0].formula == addition.text
    assert page.meeting == "gradients from join, two and one add up"


def test_a_value_that_is_read_twice_counts_on_both_ways(walk: Callable) -> None:
    steps = walk(GRAPHS["square"](), {"x.out": torch.rand(2, 3, dtype=torch.float64)})

    page = steps.explain("sq", "out", 1, 1, phase="forward")

    assert {term.entry.source.name for term in page.total.terms} == {"a"}
    assert page.total.terms[0].factors[0].text == "b[1, 1]"
    assert page.total.total == pytest.approx(page.element.value)


@pytest.mark.parametrize("name", GRAPHS)
def test_every_call_can_be_explained_and_nothing_is_changed_by_it(
    name: str, walk: Callable
) -> None:
    stepper = walk(GRAPHS[name]()).stepper
    held = stepper.session.namespace
    while (call := stepper.step()) is not None:
        before = dict(held)
        for written in call.writes:
            if written.role in ("output", "gradient"):
                page = explain(stepper.session, call, written.variable)
                if page.total and page.total.is_sum:
                    assert page.total.total == pytest.approx(page.element.value, abs=1e-12)
        assert held.keys() == before.keys()
        assert all(held[key] is before[key] for key in before)


def test_elements_are_named_as_they_are_written() -> None:
    assert parse("dw[3, 5]") == ("dw", (3, 5))
    assert parse(" dfc1_w [ 0 ,1 ] ") == ("dfc1_w", (0, 1))
    assert parse("dw") == ("dw", None)
    assert parse("out[-1, 2]") == ("out", (-1, 2))
    for wrong in ("dw[3,", "3", "dw[a]", "dw]3["):
        with pytest.raises(UnknownElementError, match=r"write it as dw\[3, 5\]"):
            parse(wrong)


@pytest.mark.parametrize("index", [(5, 0), (1,), (0, 0, 0)])
def test_an_element_that_is_not_there_is_told(student: object, index: tuple[int, ...]) -> None:
    with pytest.raises(UnknownElementError, match="give 2 numbers below 2, 1"):
        student.explain("fc2", "dw", *index)


def test_a_tensor_that_the_call_did_not_write_is_told(student: object) -> None:
    with pytest.raises(UnknownElementError, match="it wrote dx, dw, db"):
        student.explain("fc2", "dgamma", 0)


def test_a_curve_that_torch_derives_only_once_is_explained_at_any_size(walk: Callable) -> None:
    graph = two_layers("Hardsigmoid")
    x = torch.linspace(-4, 4, 2000, dtype=torch.float64).reshape(1000, 2)
    steps = walk(graph, {"x.out": x, "y.out": x[:, :1]}, **WEIGHTS)

    page = steps.explain("act", "dx", 500, 1)

    assert page.total.terms[0].slope == pytest.approx(1 / 6)
    assert page.total.total == pytest.approx(page.element.value)
