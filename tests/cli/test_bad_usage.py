"""Whatever is typed wrong, or cannot be used: exit code 2, and one line that says what."""

from pathlib import Path

import pytest

from explorer import Graph
from tests.cli.conftest import Call, assert_refused, fed_by_hand, small

WORDS = [
    ("train", "Missing argument 'FILE'"),
    ("step", "Missing argument 'FILE'"),
    ("check --json", "Missing argument 'FILE'"),
    ("show spiral", "Missing option '--out'"),
    ("trian spiral", "Did you mean 'train'?"),
    ("--verbose", "No such option: --verbose"),
    ("train spiral --epoch 3", "No such option: --epoch"),
    ("train spiral --epochs", "--epochs"),
    ("train spiral --epochs many", "Invalid value for '--epochs'"),
    ("train spiral --epochs 1.5", "Invalid value for '--epochs'"),
    ("train spiral --epochs 0", "epochs must be greater than or equal to 1; it is 0"),
    ("train spiral --epochs -1", "epochs must be greater than or equal to 1; it is -1"),
    ("train spiral --batch-size 0", "batch_size must be greater than or equal to 1"),
    ("train spiral --seed -1", "seed must be greater than or equal to 0"),
    ("train spiral --seed 99999999999999999999", "seed must be less than"),
    ("train spiral --learning-rate 0", "learning_rate must be greater than 0"),
    ("train spiral --learning-rate nan", "learning_rate must be"),
    ("train spiral --learning-rate fast", "Invalid value for '--learning-rate'"),
    ("train spiral --device gpu", "there is no device gpu on this machine: choose auto"),
    ("train spiral --device cuda:99", "there is no device cuda:99"),
    ("train spiral --device meta", "nothing is learned on meta"),
    ("train spiral net.json", "unexpected extra argument"),
    ("code spiral --as poem", "Invalid value for '--as': 'poem' is not one of 'naive'"),
    ("code spiral --as", "--as"),
    ("layers spiral", "unexpected extra argument"),
    ("devices --all", "No such option: --all"),
    ("spiral --json", "No such option: --json"),
    ("nosuch.json", "there is no such file and no starter graph of that name (digits_mlp"),
    ("train spirall", "there is no such file and no starter graph of that name (digits_mlp"),
    ("show spirall --out a.png", "spirall: there is no such file"),
]

FILES = [
    ("{}", 'this is no Backprop Explorer graph: "format" is not'),
    ('{"format": ', "not valid JSON at line 1"),
    ('{"format": "backprop-explorer", "version": 99}', "update Backprop Explorer"),
    ('{"format": "backprop-explorer", "version": 1, "nodes": 3}', '"nodes" must be a list'),
    ("[[" * 100_000, "the JSON cannot be read"),
    ("\x1b[31m", "not valid JSON"),
]

COMMANDS = ("train FILE", "step FILE", "check FILE", "code FILE", "show FILE --out a.png", "FILE")


@pytest.mark.parametrize(("words", "says"), WORDS)
def test_what_is_typed_wrong_is_told_in_one_line(call: Call, words: str, says: str) -> None:
    assert_refused(call, words.split(), says)


@pytest.mark.parametrize(("text", "says"), FILES)
def test_a_broken_file_is_told_in_one_line(
    call: Call, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    for words in COMMANDS:
        assert_refused(call, words.replace("FILE", str(path)).split(), says)


def test_a_file_that_is_no_text_is_told_in_one_line(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(b"\xff\xfe\x00")
    assert_refused(call, ["check", str(path)], "is not text")


@pytest.mark.parametrize("command", ["train", "code", "check"])
def test_a_folder_or_nothing_in_place_of_a_file_is_told(
    call: Call, tmp_path: Path, command: str
) -> None:
    assert_refused(call, [command, str(tmp_path)], "is a folder")
    assert_refused(call, [command, ""], "is a folder")
    assert_refused(call, [command, "x" * 5000], "cannot be read: File name too long")


def test_a_folder_that_cannot_be_written_to_is_told_before_training(call: Call, net: Path) -> None:
    words = ["train", str(net), "--epochs", "1000000", "--out"]
    assert_refused(call, [*words, str(net)], "give --out another folder")
    assert_refused(call, [*words, str(net / "below")], "give --out another folder")


def test_a_graph_that_cannot_run_is_told_with_its_first_problem(call: Call, tmp_path: Path) -> None:
    graph = small()
    graph.disconnect("fc1.x")
    graph.disconnect("loss.y")
    path = tmp_path / "loose.json"
    graph.save(path)
    for command in ("train", "step", "code"):
        line = assert_refused(call, [command, str(path)], "fc1.x is not connected")
        assert "and 1 more: python main.py check FILE lists them all" in line


def test_a_graph_that_nothing_can_be_trained_in_is_told(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "graph.json"
    fed_by_hand().save(path)
    assert_refused(call, ["train", str(path)], "x is fed by hand")

    nothing_to_learn = Graph()
    nothing_to_learn.add("Data", id="data")
    nothing_to_learn.add("Mean", id="mean")
    nothing_to_learn.connect("data.x", "mean.x")
    nothing_to_learn.save(path)
    assert_refused(call, ["train", str(path)], "there is nothing to learn")


def test_a_csv_that_is_not_there_is_told(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    graph = small()
    graph.set("data", dataset="csv", path=str(tmp_path / "gone.csv"))
    graph.save(path)
    for command in ("train", "step", "code"):
        assert_refused(call, [command, str(path)], "gone.csv")
