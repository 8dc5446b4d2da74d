"""What holds of the explanation of every layer: found by itself, as its other tests are."""

from typing import Any

import pytest
import torch

from explorer import layers
from explorer.layers import Layer
from explorer.program.explanation.arithmetic import value_of
from explorer.program.explanation.computation import Computation
from explorer.program.explanation.equations import equations_of, with_numbers
from explorer.program.explanation.lights import used
from explorer.program.explanation.local import Local, of_gradient, of_output
from explorer.program.explanation.places import Source, largest, unravel
from explorer.program.explanation.terms import total_of
from tests.layers.conftest import Case, cases_of
from tests.program.explanation.conftest import computation_of

CATALOGUE = layers.catalogue().values()
CASES = [case for kind in CATALOGUE for case in cases_of(kind)]
LEARNING = [case for case in CASES if case.differentiable]
ONE_OF_EACH = [cases_of(kind)[0] for kind in CATALOGUE]
DTYPES = [(torch.float64, 1e-12), (torch.float32, 1e-6)]


def label(case: Case) -> str:
    return case.label


def lower(case: Case, dtype: torch.dtype) -> Case:
    return case.map(lambda t: t.to(dtype) if t.is_floating_point() else t)


def off_by(computation: Computation, local: Local, name: str, at: int) -> float:
    """How far the terms are from adding up to the element, for each unit of what they add up."""
    products = [
        local.slopes[key].double() * computation.upstream[key].double() for key in local.slopes
    ]
    size = sum(float(each.abs().sum()) for each in products)
    total = sum(float(each.sum()) for each in products)
    return abs(total - float(computation.gradients[name].flatten()[at])) / max(size, 1.0)


@pytest.mark.parametrize("dtype, exact", DTYPES, ids=["float64", "float32"])
@pytest.mark.parametrize("case", LEARNING, ids=label)
def test_a_gradient_is_local_slopes_times_what_arrives(
    case: Case, dtype: torch.dtype, exact: float
) -> None:
    computation = computation_of(lower(case, dtype), backward=True)
    for name, gradient in computation.gradients.items():
        at = largest(gradient)
        local = of_gradient(computation, name, at)

        assert off_by(computation, local, name, at) <= exact
        assert all((local.slopes[key] == 0)[~mask].all() for key, mask in local.possible.items())


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=label)
def test_the_terms_told_and_the_others_add_up(case: Case) -> None:
    for backward in (True, False):
        computation = computation_of(case, backward and bool(case.differentiable))
        for name, tensor in list(computation.written.items())[:4]:
            if not tensor.is_floating_point() or not tensor.numel():
                continue
            at = largest(tensor)
            find = of_gradient if computation.upstream else of_output
            local = find(computation, name, at)
            total = total_of(computation, local, Source("output", name), at)
            told = sum(term.value for term in total.terms) + total.rest
            size = max(1.0, sum(abs(term.value) for term in total.terms))
            assert told == pytest.approx(total.total, abs=1e-12 * size)
            if total.is_sum:
                assert total.total == pytest.approx(total.element.value, abs=1e-12 * size)
            for term in total.terms:
                assert_made_of(term)


def assert_made_of(term: Any) -> None:
    """A slope is its scale times its factors."""
    product = term.scale
    for factor in term.factors:
        product *= factor.value
    assert product == pytest.approx(term.slope, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.name())
def test_it_has_an_equation_for_all_that_it_gives(kind: type[Layer]) -> None:
    case = cases_of(kind)[0]
    forward = equations_of(computation_of(case, backward=False))

    assert forward
    assert all(equation.shaped for equation in forward[:1] if kind.inputs)
    if case.differentiable:
        computation = computation_of(case, backward=True)
        told = {equation.name for equation in equations_of(computation)}
        formulas = kind.equations
        for name in computation.gradients:
            assert name in told or formulas[name] in {formulas[other] for other in told}


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.name())
def test_its_words_for_zeros_are_of_what_learns(kind: type[Layer]) -> None:
    named = {*kind.differentiable, *kind.inputs, *kind.weights}
    assert kind.zeros.keys() <= named
    assert all(not words.endswith(".") for words in kind.zeros.values())


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=label)
def test_what_is_lit_is_where_something_was_read(case: Case) -> None:
    computation = computation_of(case, backward=bool(case.differentiable))
    for name, tensor in list(computation.written.items())[:3]:
        if not tensor.is_floating_point():
            continue
        at = largest(tensor)
        find = of_gradient if computation.upstream else of_output
        lights = used(computation, find(computation, name, at), name, at)
        for source, mask in lights.items():
            tensors = {
                "upstream": computation.upstream,
                "operand": computation.operands,
                "cache": computation.kept,
            }[source.where]
            assert mask.shape == tensors[source.name].shape
            assert mask.dtype == torch.bool


@pytest.mark.parametrize("case", CASES, ids=label)
def test_a_formula_with_its_numbers_comes_to_the_element(case: Case) -> None:
    for backward in (True, False):
        computation = computation_of(case, backward and bool(case.differentiable))
        for name, tensor in computation.written.items():
            if tensor.is_floating_point() and tensor.numel():
                index = unravel(largest(tensor), tuple(tensor.shape))
                formula = with_numbers(computation, name, index)
                size = float(tensor.abs().max())
                if formula:
                    value = value_of(formula)
                    assert value is not None, formula
                    assert value == pytest.approx(float(tensor[index]), rel=0.01, abs=0.01 * size)


SPELLED = {
    "Sigmoid": ("out", "dx"),
    "Tanh": ("out", "dx"),
    "Softmax": ("out", "dx"),
    "LogSoftmax": ("out", "dx"),
    "CrossEntropyLoss": ("loss", "dy_hat"),
    "MSELoss": ("loss", "dy_hat"),
    "BCELoss": ("loss", "dy_hat", "dy"),
    "BCEWithLogitsLoss": ("loss", "dy_hat"),
    "ReLU": ("out", "dx"),
    "LeakyReLU": ("out", "dx"),
    "ELU": ("out", "dx"),
    "GELU": ("out", "dx"),
    "BatchNorm2d": ("out", "dx"),
    "LayerNorm": ("out", "dx"),
    "Multiply": ("out", "da"),
    "Divide": ("out", "da", "db"),
}


@pytest.mark.parametrize("name", SPELLED)
def test_layers_that_are_looked_at_most_put_their_numbers_in(name: str) -> None:
    case = cases_of(layers.find(name))[0]
    for written in SPELLED[name]:
        computation = computation_of(case, backward=written.startswith("d"))
        tensor = computation.written[written]
        index = unravel(largest(tensor), tuple(tensor.shape))
        formula = with_numbers(computation, written, index)
        assert formula
        assert value_of(formula) is not None, formula
