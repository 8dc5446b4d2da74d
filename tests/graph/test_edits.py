"""Every change can be taken back and done again, and a refused one changes nothing."""

import pytest
from psygnal import EmitLoopError

from explorer import Graph, GraphError
from explorer.graph import Edit
from explorer.graph.edits import AddNode, Several
from explorer.graph.file import to_text

CHANGES = {
    "add": lambda g: g.add("Tanh", title="squash", position=(3, 4)),
    "connect": lambda g: (g.add("Tanh", id="t"), g.connect("fc1.out", "t.x")),
    "disconnect": lambda g: g.disconnect("fc1.x"),
    "remove from the middle": lambda g: g.remove("relu1"),
    "remove several": lambda g: g.remove("data", "fc2", "fc1", "data"),
    "remove all": lambda g: g.remove(*g.nodes),
    "set": lambda g: g.set("fc1", out_features=3, bias=False),
    "move": lambda g: g.move({"fc1": (1, 2), "loss": (-3, 4.25)}),
    "rename": lambda g: g.rename("fc1", "first"),
    "train_with": lambda g: g.train_with(epochs=3, optimizer="Adam"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_undo_restores_the_very_text_and_redo_the_change(net: Graph, name: str) -> None:
    start = to_text(net)
    CHANGES[name](net)
    end = to_text(net)
    assert end != start

    while net.undo():
        pass
    assert to_text(net) == start
    while net.redo():
        pass
    assert to_text(net) == end


REFUSED = {
    "a taken id": lambda g: g.add("ReLU", id="fc1"),
    "an unknown layer": lambda g: g.add("Relu2"),
    "a setting out of range": lambda g: g.set("fc1", out_features=0),
    "an unknown setting": lambda g: g.set("fc1", features=3),
    "a cycle": lambda g: g.connect("fc2.out", "relu1.x"),
    "a second wire": lambda g: g.connect("data.x", "relu1.x"),
    "no such wire": lambda g: g.disconnect("fc9.x"),
    "no such node": lambda g: g.remove("fc1", "fc9"),
    "a move of nobody": lambda g: g.move({"fc1": (1, 1), "fc9": (0, 0)}),
    "a move to nowhere": lambda g: g.move({"fc1": (1, 1), "fc2": (float("nan"), 0)}),
    "a move out of the world": lambda g: g.move({"relu1": (5, 5), "fc2": (0, 1e9)}),
    "bad training": lambda g: g.train_with(epochs=0),
    "a node with wires": lambda g: g.take("fc1"),
    "a bad end to a good edit": lambda g: g.do(
        Several((AddNode(Graph().add("Tanh", id="new")), AddNode(g.node("fc1"))), "Add two")
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_change_leaves_everything_as_it_was(net: Graph, name: str) -> None:
    net.rename("fc2", "renamed")
    net.undo()
    before, shapes = to_text(net), net.shapes()

    with pytest.raises(GraphError) as refused:
        REFUSED[name](net)

    assert all(problem.message and problem.hint for problem in refused.value.problems)
    assert to_text(net) == before
    assert net.shapes() == shapes
    assert set(net.net) == set(net.nodes)
    assert net.redo() == "Rename fc2", "what was undone can still be redone"


def test_undo_and_redo_speak_of_what_was_done(net: Graph) -> None:
    net.add("Tanh", id="tanh1")
    net.remove("fc1")

    assert net.history.undo_label == "Delete fc1"
    assert net.undo() == "Delete fc1"
    assert (net.history.undo_label, net.history.redo_label) == ("Add tanh1", "Delete fc1")
    assert net.redo() == "Delete fc1"
    assert net.undo() and net.undo() and net.undo() is None
    assert net.history.redo_label == "Add tanh1"


def test_undo_names_the_training_settings_that_were_changed(net: Graph) -> None:
    net.train_with(learning_rate=0.5)
    assert net.undo() == "Set learning rate"
    net.train_with(epochs=3, batch_size=8)
    assert net.undo() == "Set epochs, batch size"


def test_nothing_done_is_nothing_to_undo(net: Graph) -> None:
    net.remove()
    net.move({})

    assert net.history.undo_label is None and net.history.saved


def test_a_new_change_forgets_what_was_undone(net: Graph) -> None:
    net.rename("fc1", "a")
    net.undo()
    net.rename("fc1", "b")

    assert net.redo() is None
    assert net.node("fc1").label == "b"


def test_saved_is_true_whenever_the_graph_is_as_saved(net: Graph) -> None:
    assert net.history.saved
    net.rename("fc1", "a")
    assert not net.history.saved
    net.history.mark_saved()
    net.rename("fc1", "b")
    assert not net.history.saved
    net.undo()
    assert net.history.saved
    net.undo()
    assert not net.history.saved
    net.redo()
    assert net.history.saved, "undo and redo came back to what was saved"
    net.undo()
    net.rename("fc1", "c")
    assert not net.history.saved


def test_observers_hear_each_elementary_edit_and_each_whole_action(net: Graph) -> None:
    edits: list[Edit] = []
    actions: list[str] = []
    net.changed.connect(edits.append)
    net.edited.connect(actions.append)

    net.remove("relu1")
    net.undo()

    assert [type(edit).__name__ for edit in edits] == [
        *("RemoveWire", "RemoveWire", "RemoveNode"),
        *("AddNode", "AddWire", "AddWire"),
    ]
    assert actions == ["Delete relu1", "Delete relu1"]


def test_a_change_at_which_an_observer_fails_is_not_made_nor_remembered(net: Graph) -> None:
    before, problems, shapes = to_text(net), net.problems(), net.shapes()

    def fails(edit: Edit) -> None:
        raise RuntimeError("a bug in an observer")

    net.changed.connect(fails)
    for change in (lambda: net.add("ReLU", id="new"), lambda: net.set("fc1", out_features=3)):
        with pytest.raises(EmitLoopError, match="a bug in an observer"):
            change()
    net.changed.disconnect(fails)

    assert to_text(net) == before
    assert (net.problems(), net.shapes()) == (problems, shapes)


def test_new_ids_are_short_and_free() -> None:
    graph = Graph()

    ids = [graph.add(layer).id for layer in ("Data", "Linear", "Linear", "ReLU", "MSELoss")]

    assert ids == ["data", "fc1", "fc2", "relu1", "loss"]
    assert graph.new_id("Linear", taken=["fc3"]) == "fc4"
    assert graph.new_id("MSELoss") == "loss1"


def test_a_title_that_is_the_id_is_no_title(net: Graph) -> None:
    net.rename("fc2", "fc2")

    assert (net.node("fc2").title, net.node("fc2").label) == ("", "fc2")


def test_readers_and_wires_come_in_order(net: Graph) -> None:
    assert [wire.target for wire in net.readers("data.x")] == ["fc1.x"]
    assert [wire.source for wire in net.wires_into("loss")] == ["fc2.out", "data.y"]
    assert {wire.target for wire in net.wires_out_of("data")} == {"fc1.x", "loss.y"}
