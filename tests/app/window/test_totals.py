"""The status bar tells what the net, or what is selected of it, adds up to."""

from PySide6.QtWidgets import QApplication


def told(person) -> str:
    return person.reads(person.window.statusBar())


def test_the_whole_net(person, window):
    person.waits_until(
        lambda: told(person) == "6 nodes · 4,810 parameters · 4.74 k MACs a row · 55.1 KiB"
    )
    tip = window.net_label.toolTip()
    assert "training step of 32 rows in float32 precision" in tip
    assert "18.8 KiB of weights" in tip


def test_what_is_selected(person, window):
    person.hand.click(person.hand.title("fc2"))
    person.waits_until(lambda: told(person).startswith("1 of 6 nodes · 650 parameters · 640 MACs"))
    person.presses("Esc")
    person.waits_until(lambda: told(person).startswith("6 nodes"))


def test_an_edit_and_its_undoing(person, window):
    person.hand.click(person.hand.title("fc1"))
    person.presses("Del", "Esc")
    person.waits_until(lambda: told(person) == "5 nodes · 3 not counted")
    assert "3 nodes are not counted: the shapes are unknown" in window.net_label.toolTip()
    person.presses("Ctrl+Z", "Esc")
    person.waits_until(lambda: told(person).startswith("6 nodes · 4,810 parameters"))


def test_a_larger_batch_takes_more_memory(person, window):
    person.fills(person.field("batch_size", window.training), "1024")
    person.waits_until(lambda: "598 KiB" in told(person))


def test_a_group_holds_what_the_nodes_in_it_hold(person, window):
    person.presses("Ctrl+A", "Ctrl+G")
    person.waits_until(lambda: told(person).startswith("6 nodes · 4,810 parameters"))
    assert "What the selected nodes hold" in window.net_label.toolTip()


def test_longer_totals_are_read_before_the_bar_is_laid_out_again(window):
    label = window.net_label
    label.setText("1 node")
    QApplication.processEvents()
    label.setText("1,000 nodes · 12,345,678 parameters · 4.74 k MACs a row · 55.1 KiB")
    assert label.width() >= label.sizeHint().width()
