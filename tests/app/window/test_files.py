"""A person opens and saves graphs, pictures and weights, and loses nothing on the way."""

import json
from pathlib import Path
from time import sleep

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMessageBox

import explorer
from explorer.app.main_window import MainWindow
from explorer.app.start import open_in_view
from explorer.app.toast import Toast
from explorer.graph import examples
from explorer.training import Trainer, save_weights

Answer = QMessageBox.StandardButton


def edits(person) -> None:
    """A change that can be lost."""
    person.hand.click(person.hand.title("fc1"))
    person.presses("Alt+Down")
    assert person.window.isWindowModified()


def title(window) -> str:
    """The title as it is shown, with its star."""
    return window.windowTitle().replace("[*]", "*" if window.isWindowModified() else "")


def test_the_title_names_the_file_and_shows_a_star_while_there_are_changes(
    person, window, tmp_path
):
    assert title(window) == "digits_mlp · Backprop Explorer"
    edits(person)
    assert title(window) == "digits_mlp* · Backprop Explorer"
    person.presses("Ctrl+Z")
    assert title(window) == "digits_mlp · Backprop Explorer"
    person.presses("Ctrl+Y")
    suggested = person.will_name(tmp_path / "mine.json")
    person.presses("Ctrl+S")
    assert suggested[0].endswith("digits_mlp.json"), "a starter graph asks where to go"
    assert title(window) == "mine.json · Backprop Explorer"
    assert person.toast() == f"Saved to {tmp_path / 'mine.json'}"
    person.presses("Ctrl+Z")
    assert title(window) == "mine.json* · Backprop Explorer"
    person.presses("Ctrl+Y")
    assert title(window) == "mine.json · Backprop Explorer"


def test_what_is_saved_is_what_opens_again(person, window, tmp_path):
    edits(person)
    person.fills(person.field("learning_rate", window.training), "0.2")
    person.will_name(tmp_path / "mine")
    person.presses("Ctrl+Shift+S")
    path = tmp_path / "mine.json"
    kept = explorer.load(path)
    assert kept.nodes["fc1"].position == person.graph.nodes["fc1"].position
    assert kept.training.learning_rate == 0.2

    person.presses("Ctrl+N")
    assert title(window) == "Untitled · Backprop Explorer"
    assert window.view._hint.isVisible()
    person.will_name(path)
    person.presses("Ctrl+O")
    assert title(window) == "mine.json · Backprop Explorer"
    assert person.graph.nodes["fc1"].position == kept.nodes["fc1"].position
    assert person.field("learning_rate", window.training).text() == "0.2"

    window.view.setFocus()
    person.presses("Ctrl+A", "Del", "Ctrl+S")
    assert not explorer.load(path).nodes


def test_cancelling_a_file_dialog_changes_nothing(person, window):
    person.will_name("")
    edits(person)
    person.presses("Ctrl+S", "Ctrl+Shift+S", "Ctrl+P", "Ctrl+Shift+O", "Ctrl+Alt+S")
    assert title(window) == "digits_mlp* · Backprop Explorer"
    person.presses("Ctrl+Z", "Ctrl+O")
    assert title(window) == "digits_mlp · Backprop Explorer"


def test_recent_files_are_listed_the_latest_first_and_open_again(person, window, tmp_path):
    assert person.lists_menu("File", "Open recent") == ["No files yet"]
    for name in ("one.json", "two.json", "three.json"):
        person.will_name(tmp_path / name)
        person.presses("Ctrl+Shift+S")
    (tmp_path / "one.json").unlink()
    names = [Path(row).name for row in person.lists_menu("File", "Open recent")]
    assert names == ["three.json", "two.json"]
    person.presses("Ctrl+N")
    person.chooses("File", "Open recent", str(tmp_path / "two.json"))
    assert title(window) == "two.json · Backprop Explorer"
    names = [Path(row).name for row in person.lists_menu("File", "Open recent")]
    assert names == ["two.json", "three.json"]


def test_every_starter_graph_opens_from_the_menu_says_what_it_is_and_can_train(person, window):
    names = person.lists_menu("File", "Examples")
    assert names == examples.names()
    for name in names:
        person.opens_example(name)
        assert person.toast() == examples.about(person.graph)
        person.waits_until(window.actions_by_name["train"].isEnabled)
        person.trains_until(1)


BROKEN = {
    "no json": ("{", "not valid JSON"),
    "another program's": ('{"format": "other"}', "this is no Backprop Explorer graph"),
    "a newer version": (
        '{"format": "backprop-explorer", "version": 99}',
        "written by a newer program",
    ),
    "a wire to nowhere": (
        '{"format": "backprop-explorer", "version": 1, "nodes": [], "wires": [["a.x", "b.y"]]}',
        "wire 1",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_told_in_a_sentence_and_the_open_graph_stays(
    person, window, tmp_path, kind
):
    text, words = BROKEN[kind]
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    person.will_name(path)
    person.trains_until(10)
    person.presses("Ctrl+O")
    assert words in person.toast()
    assert str(path) in person.toast()
    assert title(window) == "digits_mlp · Backprop Explorer"
    assert len(person.hand.scene.nodes) == 6
    stood = window.controller.steps
    person.waits_until(lambda: window.controller.steps > stood)
    assert "broken.json" not in str(person.lists_menu("File", "Open recent"))


def test_a_file_that_is_gone_or_a_folder_is_told(person, window, tmp_path):
    for path, words in ((tmp_path / "gone.json", "there is no such file"), (tmp_path, "a folder")):
        person.will_name(path)
        person.presses("Ctrl+O")
        assert words in person.toast()


LEAVING = {
    "new": lambda person: person.presses("Ctrl+N"),
    "open": lambda person: person.presses("Ctrl+O"),
    "example": lambda person: person.chooses("File", "Examples", "spiral"),
    "quit": lambda person: person.presses("Ctrl+Q"),
    "close": lambda person: person.window.close(),
}


@pytest.fixture
def other(tmp_path, residual):
    path = tmp_path / "other.json"
    residual.save(path)
    return path


def is_gone(person, way: str) -> bool:
    gone = not person.window.isVisible()
    return gone if way in ("quit", "close") else "fc1" not in person.window.windowTitle()


@pytest.mark.parametrize("way", LEAVING)
def test_leaving_unsaved_changes_asks_and_each_answer_does_what_it_says(
    person, window, tmp_path, other, way
):
    mine = tmp_path / "mine.json"
    person.will_name(mine)
    person.presses("Ctrl+S")
    before = mine.read_text(encoding="utf-8")
    edits(person)
    person.will_name(other)

    with person.answering(Answer.Cancel) as asked:
        LEAVING[way](person)
    assert asked == ["Save the changes to mine.json?"]
    assert window.isVisible()
    assert title(window) == "mine.json* · Backprop Explorer"
    assert mine.read_text(encoding="utf-8") == before

    with person.answering(Answer.Save):
        LEAVING[way](person)
    assert mine.read_text(encoding="utf-8") != before
    assert explorer.load(mine).nodes["fc1"].position == (480, 10)
    if way in ("quit", "close"):
        assert not window.isVisible()
    else:
        assert "mine.json" not in title(window)
        assert not window.isWindowModified()


@pytest.mark.parametrize("way", ["new", "quit"])
def test_discarded_changes_are_gone(person, window, tmp_path, way):
    mine = tmp_path / "mine.json"
    person.will_name(mine)
    person.presses("Ctrl+S")
    before = mine.read_text(encoding="utf-8")
    edits(person)
    with person.answering(Answer.Discard):
        LEAVING[way](person)
    assert mine.read_text(encoding="utf-8") == before
    assert "mine.json" not in title(window) or not window.isVisible()


def test_a_graph_without_a_file_is_asked_where_to_go_and_stays_if_that_is_cancelled(person, window):
    edits(person)
    suggested = person.will_name("")
    with person.answering(Answer.Save):
        person.presses("Ctrl+Q")
    assert suggested[0].endswith("digits_mlp.json")
    assert window.isVisible()
    assert title(window) == "digits_mlp* · Backprop Explorer"


def test_a_folder_that_cannot_be_written_is_told_and_the_changes_stay(
    person, window, tmp_path, no_folder
):
    edits(person)
    person.will_name(no_folder / "mine.json")
    person.presses("Ctrl+S")
    assert "mine.json cannot be written" in person.toast()
    assert title(window) == "digits_mlp* · Backprop Explorer"
    with person.answering(Answer.Save):
        person.presses("Ctrl+Q")
    assert window.isVisible()
    (tmp_path / "folder.json").mkdir()
    person.will_name(tmp_path / "folder.json")
    person.presses("Ctrl+S")
    assert "is a folder" in person.toast()
    assert title(window) == "digits_mlp* · Backprop Explorer"


def test_size_place_and_panels_of_the_window_are_remembered(window, open_it, qtbot):
    window.docks["Code"].close()
    window.docks["Values"].raise_()
    qtbot.wait(50)
    window.resize(790, 700)  # within the screen, where windows come back
    qtbot.wait(1)
    size = window.size()
    window.close()
    again = open_it()
    assert again.size() == size
    assert again.docks["Code"].isHidden()
    assert not again.docks["Values"].widget().visibleRegion().isEmpty()


def test_a_file_given_at_the_start_is_open(open_it, other):
    window = open_it(other)
    assert title(window) == "other.json · Backprop Explorer"
    assert "add1" in window.scene.nodes


class Painted(QObject):
    """What a person could read on a window's notice and in its title, in the order it was there."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, Toast):
            self.words.append(watched.text())
        elif event.type() == QEvent.Type.WindowTitleChange and isinstance(watched, MainWindow):
            self.words.append(watched.windowTitle())
        return False


def test_a_file_given_at_the_start_is_named_while_it_opens_and_nothing_else_is(
    open_it, other, qapp
):
    window = open_it()
    window.files.new()
    painted = Painted()
    qapp.installEventFilter(painted)
    open_in_view(window, other)
    qapp.removeEventFilter(painted)
    assert "Opening other.json …" in painted.words
    assert not any("digit" in words for words in painted.words)
    assert not window.toast.isVisible()


def test_a_broken_file_given_at_the_start_is_told_over_the_first_starter_graph(open_it, no_folder):
    window = open_it(no_folder)
    assert "not valid JSON" in window.toast.text()
    assert title(window) == "digits_mlp · Backprop Explorer"


def test_a_picture_of_the_canvas(person, window, tmp_path, no_folder):
    for name, start in (("net.png", b"\x89PNG"), ("net.svg", b"<?xml"), ("net.pdf", b"%PDF")):
        suggested = person.will_name(tmp_path / name)
        person.presses("Ctrl+P")
        assert suggested[0].endswith("digits_mlp.png")
        assert person.toast() == f"Saved to {tmp_path / name}"
        assert (tmp_path / name).read_bytes().startswith(start)
    person.will_name(no_folder / "net.png")
    person.presses("Ctrl+P")
    assert "net.png cannot be written" in person.toast()
    person.will_name(tmp_path / "net.jpg")
    person.presses("Ctrl+P")
    assert "end it in .png, .svg or .pdf" in person.toast()
    person.presses("Ctrl+N")
    person.will_name(tmp_path / "empty.png")
    person.presses("Ctrl+P")
    assert "the graph is empty" in person.toast()


def test_a_name_without_an_ending_gets_that_of_the_kind_chosen_and_replaces_nothing_unasked(
    person, window, tmp_path
):
    person.will_name(tmp_path / "net", kind="Page to print (*.pdf)")
    person.presses("Ctrl+P")
    before = (tmp_path / "net.pdf").read_bytes()
    assert before.startswith(b"%PDF")
    person.hand.click(person.hand.title("fc1"))
    person.presses("Del")
    with person.answering(Answer.No) as asked:
        person.presses("Ctrl+P")
    assert asked == ["net.pdf is there already. Replace it?"]
    assert (tmp_path / "net.pdf").read_bytes() == before
    with person.answering(Answer.Yes):
        person.presses("Ctrl+P")
    assert (tmp_path / "net.pdf").read_bytes() != before


def test_the_number_of_a_version_is_no_ending(person, window, tmp_path):
    person.will_name(tmp_path / "net 0.2")

    person.presses("Ctrl+Shift+S")

    assert [path.name for path in tmp_path.glob("net*")] == ["net 0.2.json"]
    assert window.document.title == "net 0.2.json"


def test_drawings_and_pages_stay_sharp_at_any_size(person, tmp_path):
    for name, pixels in (("net.svg", b"<image"), ("net.pdf", b"/Subtype /Image")):
        person.will_name(tmp_path / name)
        person.presses("Ctrl+P")
        assert pixels not in (tmp_path / name).read_bytes()


def test_weights_are_saved_and_loaded_and_training_goes_on_from_them(person, window, tmp_path):
    person.trains_until(30)
    person.pauses()
    trained = person.saves_weights(tmp_path / "trained.safetensors")
    person.presses("Ctrl+Shift+F5")
    person.waits_until(lambda: person.sees("Not trained yet", window.training))
    person.chooses("File", "Load weights")
    person.waits_for_news("Weights loaded from")
    assert person.saves_weights(tmp_path / "loaded.safetensors") == trained
    person.trains_until(20)


def wrong_weights(tmp_path: Path) -> dict[str, tuple[Path, str]]:
    """Files that hold no weights for the net that is open, and what is said of each."""
    other = tmp_path / "spiral.safetensors"
    save_weights(other, Trainer(examples.load_example("spiral")).weights)
    wider = examples.load_example("digits_mlp")
    wider.set("fc1", out_features=32)
    shapes = tmp_path / "wider.safetensors"
    save_weights(shapes, Trainer(wider).weights)
    junk = tmp_path / "junk.safetensors"
    junk.write_text("junk", encoding="utf-8")
    gone = tmp_path / "gone.safetensors"
    return {
        "another net's": (other, "these weights are of another net"),
        "another shape's": (shapes, "in these weights and (64, 64) in the net"),
        "junk": (junk, "holds no weights in the safetensors format"),
        "gone": (gone, "there is no such file"),
    }


@pytest.mark.parametrize("kind", ["another net's", "another shape's", "junk", "gone"])
def test_wrong_weights_are_told_and_those_trained_so_far_stay(person, window, tmp_path, kind):
    path, words = wrong_weights(tmp_path)[kind]
    person.trains_until(30)
    person.pauses()
    stood = window.controller.steps
    before = person.saves_weights(tmp_path / "before.safetensors")
    person.will_name(path)
    person.presses("Ctrl+Shift+O")
    person.waits_for_news(words)
    assert words in person.toast()
    assert person.saves_weights(tmp_path / "after.safetensors") == before
    assert window.controller.steps == stood
    assert person.button_says("Continue")


def test_weights_that_cannot_be_written_are_told(person, window, no_folder):
    person.will_name(no_folder / "net.safetensors")
    person.presses("Ctrl+Alt+S")
    person.waits_for_news("net.safetensors cannot be written")
    person.trains_until(5)


def test_another_graph_opened_during_training_starts_with_nothing_of_the_old(
    person, window, residual, tmp_path
):
    residual.train_with(epochs=100_000)
    residual.save(tmp_path / "residual.json")
    person.will_name(tmp_path / "residual.json")
    for _ in range(3):
        person.trains_until(60)
        sleep(0.12)  # news of the old run is on its way
        person.presses("Ctrl+O")
        person.waits_until(lambda: person.sees("Not trained yet", window.training))
        person.qtbot.wait(80)
        assert person.sees("Press Train (F5) to see the curves", window.plots)
        assert person.sees("Not trained yet", window.training)
        assert person.button_says("Train")
        assert window.controller.state == "ready"


def test_another_graph_opened_while_stepping_ends_the_stepping(person, window):
    person.presses("F8")
    person.waits_until(lambda: person.sees("Step 6 of 14", window.stepper))
    person.opens_example("spiral")
    person.waits_until(lambda: not window.controller.is_stepping)
    assert all(item.progress == "none" for item in person.hand.scene.nodes.values())
    person.presses("F10")
    person.waits_until(lambda: person.sees("Step 1 of 19", window.stepper))


def test_what_this_version_does_not_know_survives_a_save(person, window, tmp_path):
    path = tmp_path / "future.json"
    graph = examples.load_example("digits_mlp")
    graph.save(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["colour"] = "blue"
    content["training"]["warmup"] = 3
    path.write_text(json.dumps(content), encoding="utf-8")
    person.will_name(path)
    person.presses("Ctrl+O")
    person.opens("Problems")
    assert any("no setting warmup" in row for row in window.problems.sentences)
    edits(person)
    person.presses("Ctrl+S")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["colour"] == "blue"
    assert kept["training"]["warmup"] == 3
