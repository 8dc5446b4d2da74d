"""`explain`: one number of a net, taken apart."""

import pytest

from tests.cli.conftest import Call


def test_a_gradient_is_explained_as_a_sum_with_its_chain(call: Call) -> None:
    found = call("explain", "digits_mlp", "fc1.dw[26, 17]")

    assert found.code == 0
    assert "dw = xᵀ · dout" in found.out
    assert "dw (64, 64) = xᵀ (64, 32) · dout (32, 64)" in found.out
    assert "dw[26, 17] = Σₙ x[n, 26] · dout[n, 17] = " in found.out
    assert "more" in found.out
    assert "= ∂loss/∂fc2 · ∂fc2/∂relu1 · ∂relu1/∂fc1 · ∂fc1/∂fc1_w" in found.out


def test_for_machines_the_terms_and_the_rest_add_up(call: Call) -> None:
    found = call("explain", "digits_mlp", "fc2.dw[3,5]", "--json").document

    told = sum(term["value"] for term in found["terms"]) + found["rest"]
    assert told == pytest.approx(found["element"]["value"], rel=1e-4)
    assert found["element"]["index"] == [3, 5]
    assert [factor["node"] for factor in found["chain"]] == ["loss", "fc2"]


def test_a_node_alone_is_explained_by_its_largest_number(call: Call) -> None:
    found = call("explain", "autograd_scalar", "c")

    assert "da = 1 · 5 = 5" in found.out
    assert "∂loss/∂a = ∂c/∂a" in found.out


def test_an_output_is_explained_too(call: Call) -> None:
    found = call("explain", "digits_mlp", "fc1.out[0,3]")

    assert "out[0, 3] = Σᵢ x[0, i] · w[i, 3] + b[3] = " in found.out


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("fc9.dw", "there is no node fc9: did you mean fc2?"),
        ("fc1.dx", "fc1 computes no dx: it computes out, dw, db"),
        ("fc1.dw[1]", "give 2 numbers below 64, 64"),
        ("fc1.dw[", "write it as dw[3, 5]"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(call: Call, element: str, words: str) -> None:
    found = call("explain", "digits_mlp", element)

    assert found.code == 2
    assert words in found.err
    assert len(found.err.splitlines()) == 1
