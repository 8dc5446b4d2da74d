"""What activations and dropout cannot take is told before anything runs."""

from typing import Any

import pytest
import torch

from explorer import layers
from explorer.layers import Mismatch, SettingError, Shape, Spec

ROW, IMAGE = ("N", 6), ("N", 3, 8, 8)


@pytest.mark.parametrize(
    ("name", "settings", "sentence"),
    [
        ("Dropout", {"p": 1}, "p must be less than 1; it is 1"),
        ("Dropout", {"p": -0.1}, "p must be greater than or equal to 0; it is -0.1"),
        ("Dropout", {"p": float("nan")}, "p must be "),
        ("Dropout2d", {"p": 1.5}, "p must be less than 1; it is 1.5"),
        ("AlphaDropout", {"p": 1.0}, "p must be less than 1; it is 1.0"),
        ("LeakyReLU", {"negative_slope": -1}, "negative_slope must be greater than or equal to 0"),
        ("LeakyReLU", {"negative_slope": float("inf")}, "negative_slope must be a finite number"),
        ("PReLU", {"num_parameters": 0}, "num_parameters must be greater than or equal to 1"),
        ("PReLU", {"w_init": "xavier_uniform"}, "w_init must be one of default, zeros"),
        ("ELU", {"alpha": -1}, "alpha must be greater than or equal to 0"),
        ("CELU", {"alpha": 0}, "alpha must be greater than or equal to 0.000001"),
        ("Softplus", {"beta": 0}, "beta must be greater than or equal to 0.000001"),
        ("Softplus", {"threshold": -1}, "threshold must be greater than or equal to 0"),
        ("Hardtanh", {"max_val": -2}, "max_val must be more than min_val, -1; it is -2"),
        ("Hardtanh", {"min_val": 1}, "max_val must be more than min_val, 1; it is 1.0"),
        ("Hardtanh", {"min_val": "low"}, "min_val must be a number"),
        ("GELU", {"approximate": "erf"}, "approximate must be 'none' or 'tanh'; it is 'erf'"),
        ("Softmax", {"dim": 17}, "dim must be less than or equal to 16; it is 17"),
        ("GLU", {"dim": "last"}, "dim must be a whole number"),
        ("ReLU", {"inplace": True}, "ReLU has no setting inplace"),
    ],
)
def test_a_setting_out_of_range_is_told(name: str, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingError) as refusal:
        layers.find(name).parse(settings)

    assert str(refusal.value).startswith(sentence)
    assert refusal.value.setting == sentence.split()[0] or "no setting" in sentence


@pytest.mark.parametrize(
    ("name", "settings", "shape", "expects", "hint"),
    [
        ("PReLU", {"num_parameters": 4}, ROW, "(N, 4, …)", "set num_parameters to 1 or 6"),
        ("PReLU", {"num_parameters": 8}, IMAGE, "(N, 8, …)", "set num_parameters to 1 or 3"),
        ("PReLU", {"num_parameters": 2}, ("N",), "(N, 2, …)", "set num_parameters to 1"),
        ("Softmax", {"dim": 2}, ROW, "an axis 2", "choose dim between -2 and 1"),
        ("LogSoftmax", {"dim": -3}, ROW, "an axis -3", "choose dim between -2 and 1"),
        ("Softmax", {}, (), "at least one axis", "it is one number"),
        ("GLU", {"dim": 4}, IMAGE, "an axis 4", "choose dim between -4 and 3"),
        ("GLU", {}, ("N", 7), "an even size along axis -1", "make it 8 in the layer before"),
        ("GLU", {"dim": 1}, IMAGE, "an even size along axis 1", "make it 4 in the layer before"),
        ("GLU", {"dim": 0}, ROW, "an even size along axis 0", "a dim that is not the batch's"),
        ("Dropout2d", {}, ROW, "(N, C, H, W)", "use Dropout for plain rows"),
    ],
)
def test_a_shape_that_does_not_fit_is_told(
    name: str, settings: dict[str, Any], shape: Shape, expects: str, hint: str
) -> None:
    with pytest.raises(Mismatch) as refusal:
        layers.find(name).parse(settings).check(Spec(shape, torch.float32))

    assert refusal.value.port == "x"
    assert refusal.value.expects.startswith(expects)
    assert hint in refusal.value.hint


@pytest.mark.parametrize("family", ["Activation", "Regularization"])
def test_labels_are_refused(family: str) -> None:
    for kind in layers.catalogue().values():
        if kind.family == family:
            with pytest.raises(Mismatch, match="numbers with a fraction"):
                kind.parse({}).check(Spec(IMAGE, torch.int64))


def test_every_other_shape_is_taken() -> None:
    for name in ("ReLU", "PReLU", "GELU", "Softmax", "Dropout", "AlphaDropout"):
        for shape in (("N",), ROW, ("N", 7, 5), IMAGE):
            layers.find(name).parse({}).check(Spec(shape, torch.float32))
    layers.GLU(dim=0).check(Spec(("2N", 3), torch.float32))
    layers.PReLU(num_parameters=3).check(Spec(IMAGE, torch.float32))
