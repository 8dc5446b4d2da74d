"""A person looks at nodes and changes their settings in the inspector."""

import json
from typing import ClassVar

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from torch import Tensor

from explorer.graph import Graph
from explorer.layers import Layer, ParameterSpec, Spec


@pytest.fixture
def inspector(window):
    return window.inspector


def selects(person, *nodes: str) -> None:
    """Click these cards, the later ones with Ctrl held."""
    for number, node in enumerate(nodes):
        keys = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
        person.hand.click(person.hand.title(node), keys)


def test_a_click_on_a_card_shows_all_of_the_node(person, inspector):
    assert person.sees("Click a node to see and change its settings", inspector)
    selects(person, "fc1")
    assert person.has_in_front("Inspector")
    shown = person.reads(inspector)
    assert "Linear · fc1" in shown
    assert person.labelled("Name", inspector, QLineEdit).text() == "fc1"
    assert person.field("out_features", inspector).value() == 64
    for words in ("from flatten.out", "to relu1.x", "(64, 64)", "4,096 numbers", "out = x · w + b"):
        assert words in shown


def test_of_a_long_name_one_reads_how_it_begins(person, window, inspector):
    selects(person, "fc1")
    name = person.labelled("Name", inspector, QLineEdit)
    person.fills(name, "the first of all linear layers, which reads the pixels of the picture")
    window.view.setFocus()
    assert name.cursorPosition() == 0
    selects(person, "fc2")
    selects(person, "fc1")
    assert name.text().startswith("the first")
    assert name.cursorPosition() == 0


def test_several_nodes_are_summed_up_and_none_says_what_to_do(person, inspector):
    selects(person, "fc1", "fc2")
    assert person.sees("2 nodes are selected, with 4,810 parameters in all", inspector)
    person.presses("Ctrl+A")
    assert person.sees("6 nodes are selected, with 4,810 parameters in all", inspector)
    person.presses("Esc")
    assert person.sees("Click a node to see and change its settings", inspector)


def test_a_new_width_is_seen_on_cards_wires_and_status_bar_and_undo_brings_the_old_back(
    person, window, inspector
):
    selects(person, "fc1")
    field = person.field("out_features", inspector)
    person.fills(field, "16")
    scene = person.hand.scene
    assert scene.nodes["fc1"].card.outputs[0].shape == "(N, 16)"
    assert scene.nodes["fc1"].card.parameters == "1,040 parameters"
    assert scene.nodes["fc2"].card.parameters == "170 parameters"
    assert scene.wires["relu1.x"].shape_text == "(N, 16)"
    assert person.sees("(64, 16)", inspector)
    assert person.sees("1 of 6 nodes · 1,040 parameters", window.statusBar())
    person.waits_until(lambda: "fc1 · Linear (N, 64) → (N, 16)" in window.code.text)

    window.view.setFocus()
    person.presses("Ctrl+Z")
    assert field.value() == 64
    assert scene.wires["relu1.x"].shape_text == "(N, 64)"
    person.presses("Ctrl+Y")
    assert field.value() == 16


def test_a_new_name_is_on_the_card_and_no_name_is_the_id_again(person, inspector):
    selects(person, "fc1")
    name = person.labelled("Name", inspector, QLineEdit)
    person.fills(name, "Eye <b>")
    card = person.hand.scene.nodes["fc1"]
    assert card.card.title == "Eye <b>"
    assert person.graph.nodes["fc1"].title == "Eye <b>"
    person.clicks(name)
    person.presses("Ctrl+A", "Del", "Return")
    assert card.card.title == "fc1"
    assert name.text() == "fc1"


def test_what_is_typed_is_taken_over_when_one_clicks_elsewhere(person, inspector):
    selects(person, "fc1")
    person.fills(person.field("out_features", inspector), "33", then="")
    selects(person, "fc2")
    assert person.graph.nodes["fc1"].layer.out_features == 33
    assert person.field("out_features", inspector).value() == 10
    assert person.graph.history.undo_label == "Set out_features of fc1"


def test_esc_takes_back_what_was_typed(person, inspector):
    selects(person, "fc1")
    for control, was in (("out_features", "64"), ("w_init", None)):
        field = person.field(control, inspector)
        was = was or field.text()
        person.fills(field, "7", then="Esc")
        assert field.text() == was
        QApplication.sendEvent(field, QFocusEvent(QFocusEvent.Type.FocusOut))
    name = person.labelled("Name", inspector, QLineEdit)
    person.fills(name, "Something", then="Esc")
    assert name.text() == "fc1"
    assert not person.window.isWindowModified()


def test_the_wheel_over_a_field_without_focus_changes_nothing(person, window, inspector):
    selects(person, "fc1")
    width = person.field("out_features", inspector)
    person.turns_wheel(width, 1)
    assert width.value() == 64
    optimizer = person.field("optimizer", window.training)
    person.turns_wheel(optimizer, -1)
    assert optimizer.currentText() == "SGD"
    assert not window.isWindowModified()
    person.clicks(width)
    person.turns_wheel(width, 1)
    assert person.graph.nodes["fc1"].layer.out_features == 65


def test_the_wheel_over_the_device_and_the_speed_changes_nothing_either(person, window):
    for name in ("Device", "Speed"):
        box = person.labelled(name, window.training)
        person.turns_wheel(box, -1)
        assert box.currentIndex() == 0


def test_a_check_box_and_a_choice_are_taken_over_at_once(person, inspector):
    selects(person, "fc1")
    bias = person.field("bias", inspector)
    assert bias.isChecked()
    bias.setFocus()
    person.presses("Space")
    assert person.graph.nodes["fc1"].layer.bias is False
    assert person.hand.scene.nodes["fc1"].card.parameters == "4,096 parameters"


@pytest.mark.parametrize(
    ("dataset", "shown"),
    [
        ("moons", {"samples", "noise", "seed"}),
        ("random", {"samples", "seed"}),
        ("digits", set()),
        ("csv", {"path", "target"}),
    ],
)
def test_a_data_nodes_form_shows_what_its_data_set_needs(person, inspector, dataset, shown):
    selects(person, "data")
    person.picks(person.field("dataset", inspector), dataset)
    assert person.graph.nodes["data"].layer.dataset == dataset
    always = {"dataset", "labels", "standardize"}
    every = {"path", "target", "samples", "noise", "seed"} | always
    seen = {name for name in every if person.field(name, inspector).isVisible()}
    assert seen == shown | always


def test_a_csv_file_that_is_not_there_is_told_and_a_real_one_trains(
    person, window, inspector, tmp_path
):
    person.opens_example("modular_two_layer")
    selects(person, "data")
    person.picks(person.field("dataset", inspector), "csv")
    person.waits_until(lambda: person.sees("No CSV file is chosen", inspector))
    person.fills(person.field("path", inspector), str(tmp_path / "nowhere.csv"))
    person.waits_until(lambda: person.sees("There is no file", inspector))
    assert "There is no file" in window.actions_by_name["train"].toolTip()
    assert person.hand.scene.nodes["data"].card.severity == "error"

    table = tmp_path / "table.csv"
    rows = [f"{i % 7},{i % 5},{'yes' if i % 7 > 3 else 'no'}" for i in range(80)]
    table.write_text("\n".join(["height,width,large", *rows]), encoding="utf-8")
    person.will_name(table)
    choose = person.field("path", inspector).findChild(QPushButton)
    person.clicks(choose)
    assert person.graph.nodes["data"].layer.path == str(table)
    person.fills(person.field("target", inspector), "depth")
    person.waits_until(lambda: person.sees("depth", inspector))
    assert person.hand.scene.nodes["data"].card.severity == "error"
    person.fills(person.field("target", inspector), "large")
    person.picks(person.field("labels", inspector), "binary")
    person.waits_until(lambda: window.controller.program is not None)
    assert person.hand.scene.nodes["data"].card.outputs[0].shape == "(N, 2)"
    person.trains_until(20)


def parameters() -> Graph:
    """The sum of a leaf."""
    graph = Graph()
    graph.add("Parameter", id="a", position=(0, 0), value=3.0)
    graph.add("Sum", id="total", position=(240, 0))
    graph.connect("a.out", "total.x")
    graph.history.clear()
    return graph


@pytest.mark.parametrize(
    ("typed", "value", "shape"),
    [
        ("[1, 2, 3]", [1, 2, 3], "(3,)"),
        ("[[1, 2], [3, 4.5]]", [[1, 2], [3, 4.5]], "(2, 2)"),
        ("-2.5", -2.5, "()"),
    ],
)
def test_a_leaf_takes_lists_of_lists(person, inspector, tmp_path, typed, value, shape):
    person.opens_graph(parameters(), tmp_path / "leaf.json")
    selects(person, "a")
    person.fills(person.field("value", inspector), typed)
    assert person.graph.nodes["a"].layer.value == value
    assert person.hand.scene.nodes["a"].card.outputs[0].shape == shape
    person.presses("F8")
    person.waits_until(lambda: person.sees("loss", person.window.stepper))


@pytest.mark.parametrize("typed", ["[1, [2]]", "[]", "many", "1 2", "nan"])
def test_a_leaf_refuses_what_is_no_number_below_its_field(person, inspector, tmp_path, typed):
    person.opens_graph(parameters(), tmp_path / "leaf.json")
    selects(person, "a")
    field = person.field("value", inspector)
    person.fills(field, typed)
    assert "⚠ Value must be" in person.reads(inspector)
    assert person.graph.nodes["a"].layer.value == 3.0
    person.presses("Esc")
    assert "⚠" not in person.reads(inspector)
    assert field.text() == "3.0"


def test_the_axis_of_a_sum_is_a_number_several_or_none(person, inspector, tmp_path):
    graph = parameters()
    graph.set("a", value=[[1.0, 2.0], [3.0, 4.0]])
    person.opens_graph(graph, tmp_path / "leaf.json")
    selects(person, "total")
    field = person.field("dim", inspector)
    assert field.text() == ""
    card = person.hand.scene.nodes["total"]
    for typed, dim, shape in (("0", 0, "(2,)"), ("0, 1", (0, 1), "()"), ("", None, "()")):
        person.clicks(field)
        person.presses("Ctrl+A", "Del")
        person.types(typed)
        person.presses("Return")
        assert person.graph.nodes["total"].layer.dim == dim
        assert card.card.outputs[0].shape == shape
    person.fills(field, "rows")
    assert "⚠ Dim must be" in person.reads(inspector)


def test_an_axis_that_is_not_there_is_told_on_the_node(person, inspector, tmp_path):
    person.opens_graph(parameters(), tmp_path / "leaf.json")
    selects(person, "total")
    person.fills(person.field("dim", inspector), "5")
    person.waits_until(lambda: person.hand.scene.nodes["total"].card.severity == "error")
    assert person.graph.problems()[0].message[1:] in person.reads(inspector)


def test_a_layer_of_another_program_is_shown_and_kept(person, inspector, tmp_path):
    path = tmp_path / "odd.json"
    parameters().save(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["nodes"][1] |= {"layer": "Whirl", "settings": {"speed": 3}}
    path.write_text(json.dumps(content), encoding="utf-8")
    person.will_name(path)
    person.presses("Ctrl+O")
    selects(person, "total")
    assert person.sees("This layer is not known here", inspector)
    assert person.sees("Whirl", inspector)
    person.presses("F5")
    person.hand.click(person.hand.title("a"))
    person.presses("Del", "Ctrl+Z")
    assert len(person.graph.wires) == 1


def test_deleting_the_node_that_is_shown_empties_the_inspector(person, inspector):
    selects(person, "relu1")
    person.presses("Del")
    assert person.sees("Click a node to see and change its settings", inspector)
    person.presses("Ctrl+Z")
    assert "relu1" in person.graph.nodes


def test_a_double_click_on_a_card_goes_to_its_form(person, window, inspector):
    person.opens("Training")
    person.double_clicks(window.view.viewport(), person.hand.title("fc1"))
    assert person.has_in_front("Inspector")
    focused = QApplication.focusWidget()
    assert inspector.isAncestorOf(focused) or focused is inspector


def test_problems_of_a_node_are_shown_with_it_and_go_when_mended(person, inspector):
    selects(person, "loss")
    assert "⚠" not in person.reads(inspector)
    person.hand.drag(person.hand.port("loss.y"), person.hand.empty())
    selects(person, "loss")
    person.waits_until(lambda: person.sees("loss.y is not connected", inspector))
    person.window.view.setFocus()
    person.presses("Ctrl+Z")
    person.waits_until(lambda: not person.sees("loss.y is not connected", inspector))
    texts = [w.text() for w in inspector.findChildren(QLabel) if w.isVisible()]
    assert not any("not connected" in text for text in texts)


@pytest.fixture
def with_braid(braid, person, tmp_path) -> Graph:
    """A layer with as many inputs as its setting says, three of them wired."""
    graph = Graph()
    graph.add("Input", id="x", position=(0, 0), shape=(4,))
    graph.add("Braid", id="braid", position=(240, 0), strands=3)
    for number in (1, 2, 3):
        graph.connect("x.out", f"braid.strand{number}")
    person.opens_graph(graph, tmp_path / "braid.json")
    return person.graph


def test_a_setting_that_would_take_a_wires_port_is_refused_at_the_form(
    with_braid, person, inspector
):
    selects(person, "braid")
    strands = person.field("strands", inspector)
    person.fills(strands, "2")
    assert "⚠ Braid has no port strand3: remove the wire at braid.strand3 first" in person.reads(
        inspector
    )
    assert with_braid.nodes["braid"].layer.strands == 3
    person.window.view.setFocus()
    assert strands.value() == 3
    with_braid.disconnect("braid.strand3")
    person.fills(strands, "2")
    assert with_braid.nodes["braid"].layer.strands == 2
    assert "⚠ Braid" not in person.reads(inspector)
    assert len(person.hand.scene.nodes["braid"].card.inputs) == 3


def test_undo_takes_a_refused_setting_back_with_what_was_said_of_it(with_braid, person, inspector):
    person.hand.graph.move({"x": (0, 40)})
    selects(person, "braid")
    strands = person.field("strands", inspector)
    person.fills(strands, "2")
    assert strands.value() == 2, "it may be stepped over, on the way to another"
    person.presses("Ctrl+Z")
    assert with_braid.nodes["x"].position == (0, 0)
    assert strands.value() == 3
    assert "⚠ Braid" not in person.reads(inspector)


def test_an_input_that_may_stay_free_is_optional_in_the_table(with_braid, person, inspector):
    selects(person, "braid")
    assert "optional" in person.reads(inspector)
    person.presses("Esc")
    assert not with_braid.analysis.report("braid").faults


def test_weights_can_be_taken_from_another_node_of_the_kind(person, inspector):
    selects(person, "fc1")
    field = person.field("weights_from", inspector)
    field.setFocus()
    person.presses("Down")
    person.waits_until(lambda: QApplication.activePopupWidget())
    popup = QApplication.activePopupWidget()
    assert [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())] == [
        "fc2"
    ]
    popup.close()
    person.comes_back()
    person.fills(field, "fc2")
    assert person.graph.nodes["fc1"].layer.weights_from == "fc2"
    assert person.sees("those of fc2", inspector)
    person.window.view.setFocus()
    person.presses("Ctrl+Z")
    assert not person.sees("those of fc2", inspector)


def test_buffers_are_listed_next_to_the_weights(own_layers, person, inspector, tmp_path):
    class Counter(Layer):
        """Counts what it has seen.

        Shapes: x any, out as x.
        """

        family: ClassVar[str] = "Counting"
        buffers: ClassVar[tuple[str, ...]] = ("seen",)

        @staticmethod
        def forward(x: Tensor, seen: Tensor) -> tuple[Tensor, tuple]:
            return x * 1, ()

        @staticmethod
        def backward(dout: Tensor, cache: tuple) -> Tensor:
            return dout

        def state(self, x: Spec) -> dict[str, ParameterSpec]:
            return {"seen": ParameterSpec((4, 3), lambda generator: torch.zeros(4, 3))}

    graph = Graph()
    graph.add("Input", id="x", position=(0, 0), shape=(4,))
    graph.add("Counter", id="counter", position=(240, 0))
    graph.connect("x.out", "counter.x")
    person.opens_graph(graph, tmp_path / "counter.json")
    selects(person, "counter")
    shown = person.reads(inspector)
    assert "Buffers" in shown
    assert "Weights" not in shown
    for words in ("seen", "(4, 3)", "12 numbers"):
        assert words in shown


def test_what_is_wrong_with_the_last_field_of_a_long_form_is_scrolled_to(person, window, inspector):
    window.resize(1240, 480)
    selects(person, "fc1")
    field = person.field("b_init", inspector)
    inspector._page.ensureWidgetVisible(field, 0, 0)
    field.setFocus()
    person.presses("Ctrl+A")
    person.types("many")
    person.presses("Return")
    (error,) = [label for label in inspector.findChildren(QLabel) if label.text().startswith("⚠")]
    person.waits_until(lambda: not error.visibleRegion().isEmpty())
    selects(person, "fc2")
    assert not person.labelled("Name", inspector, QLineEdit).visibleRegion().isEmpty()


def test_linear_layers_in_a_row_are_told_to_be_one_affine_map(person, window, inspector):
    person.opens_example("regression_mlp")
    assert "are one affine map" in person.toast()
    selects(person, "fc2")
    assert person.sees("fc1, fc2, fc3 and fc4 follow each other with no activation", inspector)
    assert not window.document.graph.problems()
    person.graph.add("ReLU", id="relu1")
    person.graph.disconnect("fc4.x")
    person.graph.connect("fc3.out", "relu1.x")
    person.graph.connect("relu1.out", "fc4.x")
    person.waits_until(lambda: person.sees("fc1, fc2 and fc3 follow each other", inspector))
