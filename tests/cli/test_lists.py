"""`layers`, `devices`, `examples`: what there is."""

import torch

from explorer.graph import blocks, examples
from explorer.layers import catalogue
from explorer.training.devices import available
from tests.cli.conftest import Call


def test_every_layer_is_listed_under_its_family(call: Call) -> None:
    found = call("layers")

    assert found.code == 0
    lines = [line.strip() for line in found.out.splitlines()]
    first_words = [line.split()[0] for line in lines if line]
    for name, layer in catalogue().items():
        assert name in first_words
        assert first_words.index(layer.family) < len(first_words) - first_words[::-1].index(name)
    text = " ".join(found.out.split())
    assert "parameters: w, b" in text
    assert "out_features=64" in text


def test_a_machine_gets_all_that_a_layer_declares(call: Call) -> None:
    found = {layer["name"]: layer for layer in call("layers", "--json").document}

    assert list(found) == [*catalogue(), *blocks.names()]
    linear = found["Linear"]
    assert (linear["family"], linear["inputs"], linear["outputs"]) == ("Linear", ["x"], ["out"])
    assert linear["parameters"] == ["w", "b"]
    assert linear["equations"]["dw"] == "dw = xᵀ · dout"
    features = linear["settings"][0]
    assert (features["name"], features["type"], features["default"]) == (
        "out_features",
        "integer",
        64,
    )
    assert (features["minimum"], features["maximum"]) == (1, 65536)


def test_every_setting_has_a_type_a_default_and_a_description(call: Call) -> None:
    for layer in call("layers", "--json").document:
        for setting in layer.get("settings", []):
            assert setting["type"], (layer["name"], setting)
            assert "default" in setting
            assert setting["description"]


def test_every_device_is_listed(call: Call) -> None:
    people, machines = call("devices"), call("devices", "--json")

    for device, row in zip(available(), machines.document, strict=True):
        assert row == {"id": device.id, "name": device.name, "memory": device.memory}
        assert device.id in people.out
        assert device.name.split()[0] in people.out
    if not torch.accelerator.is_available():
        assert [row["id"] for row in machines.document] == ["cpu"]


def test_every_starter_graph_is_listed_with_what_it_says_of_itself(call: Call) -> None:
    people, machines = call("examples"), call("examples", "--json")

    found = {row["name"]: row for row in machines.document}
    assert list(found) == examples.names()
    assert all(name in people.out for name in found)
    assert all(row["about"] for row in found.values())
    assert (found["autograd_scalar"]["nodes"], found["autograd_scalar"]["parameters"]) == (3, 2)
    assert found["digits_mlp"]["parameters"] == 64 * 64 + 64 + 64 * 10 + 10
