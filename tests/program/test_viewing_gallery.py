"""Everything that a session holds has a name, is found by it, and can be pinned."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, Stepper
from explorer.graph.examples import load_example
from explorer.program import viewing
from explorer.program.viewing import (
    Address,
    Difference,
    Gallery,
    Subject,
    ViewError,
    Window,
    first_cut,
)
from explorer.program.viewing.axes import axes

Graphs = dict[str, Callable[[], Graph]]
Rows = Callable[..., dict[str, Tensor]]


def numbers(subject: Subject) -> np.ndarray:
    cut = first_cut(subject.shape)
    rows, columns = ((0, size) for size in cut.size(subject.shape))
    return Window(cut, rows, columns).of(subject)


@pytest.fixture
def gallery() -> Gallery:
    return Gallery()


@pytest.fixture
def stepper(graphs: Graphs, rows: Rows) -> Stepper:
    program = explorer.compile(graphs["chain"]())
    return Stepper(program.start(), rows(program))


def names(gallery: Gallery, kind: str) -> list[str]:
    return [entry.label.name for entry in gallery.entries() if entry.label.kind == kind]


def test_names_come_as_the_calls_run(gallery: Gallery, stepper: Stepper) -> None:
    gallery.show(stepper.session, {})
    assert names(gallery, "parameter") == ["fc1.w", "fc1.b", "fc2.w", "fc2.b"]
    assert names(gallery, "value") == []

    stepper.run_to("fc1")
    assert names(gallery, "value") == ["data.x", "data.y", "fc1.out"]
    assert names(gallery, "cache") == ["fc1: x", "fc1: w", "fc1: b"]
    assert names(gallery, "gradient") == []

    stepper.run_to_end()
    assert names(gallery, "gradient") == [
        "loss.loss",
        *("fc2.out", "relu1.out", "fc2.w", "fc2.b"),
        *("fc1.out", "fc1.w", "fc1.b"),
    ]


def test_every_name_leads_to_its_tensor(graph: Graph, rows: Rows, gallery: Gallery) -> None:
    program = explorer.compile(graph)
    stepper = Stepper(program.start(), rows(program))
    stepper.run_to_end()
    gallery.show(stepper.session, {})

    entries = gallery.entries()
    assert len({entry.address for entry in entries}) == len(entries)
    for entry in entries:
        assert gallery.entry(entry.address) == entry
        assert gallery.subject(entry.address).shape == entry.shape
        assert len(entry.label.axes) in (0, len(entry.shape))
    held = {e.address.name for e in entries if isinstance(e.address, Address)}
    tensors = {k for k, v in stepper.session.namespace.items() if isinstance(v, Tensor)}
    assert tensors <= held


@pytest.mark.parametrize("name", ["residual_digits", "char_lstm", "transformer_text"])
def test_axes_have_as_many_names_as_there_are_axes(name: str) -> None:
    program = explorer.compile(load_example(name))
    known = axes(program)

    for path, variable in program.values.items():
        assert len(known[variable]) == len(program.shapes[path])
    for path, variable in program.parameters.items():
        if variable in known:
            assert len(known[variable]) == len(program.specs[path].shape)


def test_axes_are_called_what_the_layers_call_them() -> None:
    convolutions = axes(explorer.compile(load_example("residual_digits")))
    assert convolutions["data_x"] == ("N", "C", "H", "W")
    assert convolutions["conv1_w"] == ("out_channels", "C", "K", "K")
    assert convolutions["relu1"] == ("N", "out_channels", "H'", "W'")
    assert convolutions["dfc_w"] == ("D", "M")
    sequences = axes(explorer.compile(load_example("char_lstm")))
    assert sequences["lstm_out"] == ("N", "T", "H")
    assert sequences["lstm_h_n"] == ("L", "N", "H")


def test_why_there_is_nothing_is_told(gallery: Gallery, stepper: Stepper) -> None:
    fc1 = Address("fc1")
    with pytest.raises(ViewError, match="nothing has been trained or stepped through"):
        gallery.subject(fc1)
    gallery.show(stepper.session, {})
    with pytest.raises(ViewError, match="fc1.out is only kept while stepping"):
        gallery.subject(fc1)
    stepper.step()
    with pytest.raises(ViewError, match="fc1.out is not computed yet: step on"):
        gallery.subject(fc1)
    gallery.show(None, {})
    with pytest.raises(ViewError, match="fc1.out is not there yet: nothing has been trained"):
        gallery.subject(fc1)
    gallery.show(stepper.session, {})
    with pytest.raises(ViewError, match="the net changed: it has no conv1"):
        gallery.subject(Address("conv1"))
    with pytest.raises(ViewError, match="exp_avg of fc1.w is not there yet"):
        gallery.subject(Address("fc1.w", "exp_avg", "optimizer"))


def test_what_the_optimizer_remembers_has_names(gallery: Gallery, stepper: Stepper) -> None:
    gallery.show(stepper.session, {("fc1.w", "exp_avg"): torch.ones(2, 8)})

    (entry,) = (e for e in gallery.entries() if e.label.kind == "optimizer")
    assert entry.label.title == "exp_avg of fc1.w"
    assert entry.label.axes == ("D", "M")
    assert numbers(gallery.subject(entry.address)).sum() == 16


def test_a_pin_stays_as_it_was(gallery: Gallery, stepper: Stepper) -> None:
    gallery.show(stepper.session, {})
    weights = Address("fc1_w")
    before = numbers(gallery.subject(weights))
    pin = gallery.pin(weights, "step 0")
    stepper.session.parameters["fc1.w"].add_(1)

    assert pin.label.title == "fc1.w at step 0"
    assert np.array_equal(numbers(gallery.subject(pin.address)), before)
    apart = Difference(weights, pin.address)
    assert numbers(gallery.subject(apart)) == pytest.approx(np.ones((2, 8)), abs=1e-6)
    assert gallery.entry(apart).label.title == "fc1.w − fc1.w at step 0"
    assert gallery.entries()[-1] == pin

    gallery.show(None, {})
    assert np.array_equal(numbers(gallery.subject(pin.address)), before)
    gallery.unpin(pin.address)
    with pytest.raises(ViewError, match="this pin was let go"):
        gallery.subject(pin.address)
    assert gallery.pinned == 0


def test_pins_take_no_more_than_they_may(
    gallery: Gallery, stepper: Stepper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewing.gallery, "PIN_LIMIT", 100)
    gallery.show(stepper.session, {})
    gallery.pin(Address("fc1_w"), "step 0")

    with pytest.raises(ViewError, match="unpin some"):
        gallery.pin(Address("fc1_w"), "step 0")
    assert gallery.pinned == 64


def test_in_mixed_precision_the_weights_are_those_that_are_trained(
    graphs: Graphs, rows: Rows, gallery: Gallery
) -> None:
    program = explorer.compile(graphs["chain"](), precision="mixed")
    session = program.start(compute=torch.bfloat16)
    session.parameters["fc1.w"].fill_(2)

    gallery.show(session, {})
    assert gallery.entry(Address("fc1_w")).dtype == "float32"
    assert (numbers(gallery.subject(Address("fc1_w"))) == 2).all()
    session.forward(rows(program))
    assert gallery.entry(Address("fc1_w")).dtype == "bfloat16"
