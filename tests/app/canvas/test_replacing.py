"""What is offered in a node's place: what takes what it reads, and gives what its readers take."""

import pytest
from PySide6.QtCore import Qt

from explorer.app.canvas.replacing import kinds_in_place_of
from explorer.graph import Graph


@pytest.fixture
def net() -> Graph:
    """Images through a convolution and a ReLU, flattened, into a Linear and a loss."""
    graph = Graph()
    graph.add("Data", id="data", dataset="digits")
    graph.add("Conv2d", id="conv1", out_channels=4, kernel_size=3, padding=1)
    graph.add("ReLU", id="relu1")
    graph.add("Flatten", id="flatten")
    graph.add("Linear", id="fc1", out_features=10)
    graph.add("CrossEntropyLoss", id="loss")
    for wire in (
        "data.x conv1.x",
        "conv1.out relu1.x",
        "relu1.out flatten.x",
        "flatten.out fc1.x",
        "fc1.out loss.y_hat",
        "data.y loss.y",
    ):
        graph.connect(*wire.split())
    return graph


def test_what_takes_the_values_and_what_its_reader_takes_is_offered(net: Graph) -> None:
    offered = kinds_in_place_of(net, "relu1")
    assert {"GELU", "MaxPool2d", "Conv2d", "BatchNorm2d"} <= set(offered)
    assert "ReLU" not in offered, "it is that already"
    assert not {"Embedding", "BatchNorm1d", "Data", "MSELoss"} & set(offered)


def test_what_its_readers_cannot_take_is_not_offered(net: Graph) -> None:
    # A sum over all leaves no axis for the Linear.
    assert "Sum" not in kinds_in_place_of(net, "flatten")
    # Four axes are more than the loss takes.
    assert "MaxPool2d" not in kinds_in_place_of(net, "fc1")


def test_a_loss_is_replaced_by_losses_for_the_same_targets(net: Graph) -> None:
    offered = kinds_in_place_of(net, "loss")
    assert "NLLLoss" in offered
    assert "MSELoss" not in offered, "its targets are classes"


def test_where_nothing_is_wired_whatever_can_be_wired_alike_is_offered(net: Graph) -> None:
    net.add("Tanh", id="alone")
    offered = kinds_in_place_of(net, "alone")
    assert "Linear" in offered
    assert not {"Input", "Parameter", "MSELoss"} & set(offered)


def test_a_wire_that_no_layer_can_mend_says_so(hand, view):
    graph = hand.graph
    graph.add("Input", id="x", position=(0, 200), shape=(4,))
    graph.add("Conv2d", id="conv1", position=(240, 200), out_channels=2, kernel_size=3)
    graph.connect("x.out", "conv1.x")
    hand.click(hand.pixel(hand.scene.wires["conv1.x"].path().pointAtPercent(0.5)))
    hand.key(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert view.offers.popup is None
    assert view.said[-1] == "No layer fits between x.out and conv1.x"
