"""Which layers the panel over time shows, of small nets and of large ones."""

from explorer.app.over_time.choice import MOST, MOST_SELECTED, choose
from explorer.training.monitoring import LayerMeasures


def learning() -> LayerMeasures:
    return LayerMeasures(1.0, 1e-3, 0.0, 1.0, None, True, False)


def active() -> LayerMeasures:
    return LayerMeasures(1.0, None, 0.5, 1.0, 0.1, False, True)


def source() -> LayerMeasures:
    return LayerMeasures(None, None, 0.5, 1.0, None, False, False)


def deep(layers: int) -> dict[str, LayerMeasures]:
    nodes = {"data": source()}
    for number in range(layers):
        nodes |= {f"fc{number}": learning(), f"relu{number}": active()}
    return nodes


def test_of_a_small_net_all_layers_and_activations_are_shown():
    choice = choose(deep(3), ())

    assert choice.nodes == ("fc0", "relu0", "fc1", "relu1", "fc2", "relu2")
    assert choice.by_quantity["gradient"] == choice.by_quantity["ratio"] == ("fc0", "fc1", "fc2")
    assert choice.by_quantity["mean"] == choice.by_quantity["dead"] == ("relu0", "relu1", "relu2")
    assert choice.words == ""


def test_of_a_large_net_some_are_shown_from_the_first_to_the_last_and_it_says_so():
    choice = choose(deep(61), ())

    shown = choice.by_quantity["gradient"]
    assert shown == ("fc0", "fc10", "fc20", "fc30", "fc40", "fc50", "fc60")
    assert len(choice.nodes) == 2 * MOST
    assert choice.words == "7 of 61 layers and 7 of 61 activations: select others to see them"


def test_what_is_selected_is_shown_alone_each_where_it_has_such_a_number():
    choice = choose(deep(61), {"relu33", "fc33", "data", "gone"})

    assert choice.nodes == ("data", "fc33", "relu33")
    assert choice.by_quantity["gradient"] == ("fc33", "relu33")
    assert choice.by_quantity["ratio"] == ("fc33",)
    assert choice.by_quantity["mean"] == ("data", "fc33", "relu33")
    assert choice.by_quantity["dead"] == ("relu33",)
    assert choice.words == "3 selected nodes"


def test_of_very_many_that_are_selected_some_are_shown():
    nodes = deep(61)

    choice = choose(nodes, set(nodes))

    assert len(choice.nodes) == MOST_SELECTED
    assert choice.words == "14 of 123 selected nodes"


def test_a_selection_that_is_not_measured_leaves_the_whole_net():
    assert choose(deep(2), {"note1"}).nodes == ("fc0", "relu0", "fc1", "relu1")


def test_without_activations_the_layers_show_what_flows_out_of_them():
    choice = choose({"fc1": learning(), "fc2": learning()}, ())

    assert choice.by_quantity["mean"] == ("fc1", "fc2")
    assert choice.by_quantity["dead"] == ()
