"""A text to predict: windows that tile it, the characters that follow, and what is no text."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.data import DataError, Dataset, load, signature, text

Write = Callable[[str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a text file, of text or bytes, and returns its path."""

    def write_text(content: str | bytes) -> str:
        path = tmp_path / "notes.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write_text


def load_text(path: str = "", length: int = 64) -> Dataset:
    dataset = load("text", path=path, length=length)
    assert signature("text", path=path, length=length) == dataset.signature
    return dataset


def read(dataset: Dataset, indices: torch.Tensor) -> str:
    return "".join(dataset.class_names[index] for index in indices.flatten())


@pytest.mark.parametrize("length", [2, 64, 4096])
def test_the_text_that_ships_can_be_read_back(length: int) -> None:
    alice = load_text(length=length)
    whole = text.SHIPPED.read_text(encoding="ascii")

    rows = (len(whole) - 1) // length

    assert alice.name == "alice"
    assert alice.x.shape == alice.y.shape == (rows, length)
    assert alice.x.dtype == alice.y.dtype == torch.int64
    assert read(alice, alice.x) == whole[: rows * length]
    assert read(alice, alice.y) == whole[1 : rows * length + 1]
    assert len(alice.feature_names) == length


def test_the_text_that_ships_is_english_in_plain_letters() -> None:
    whole = text.SHIPPED.read_text(encoding="ascii")
    alice = load_text()

    assert 30_000 <= len(whole) <= 60_000
    assert "Alice was beginning to get very tired" in whole
    assert "Gutenberg" not in whole and "\r" not in whole and "\t" not in whole
    assert alice.classes == alice.x_classes == len(alice.class_names) == len(set(whole))
    assert list(alice.class_names) == sorted(set(whole))


@given(length=st.integers(2, 200))
def test_y_is_x_one_character_on(length: int) -> None:
    alice = load_text(length=length)

    assert torch.equal(alice.y[:, :-1], alice.x[:, 1:])
    assert torch.equal(alice.y[:-1, -1], alice.x[1:, 0])


def test_windows_do_not_overlap_and_the_last_partial_one_is_dropped(write: Write) -> None:
    letters = load_text(write("abcdefgh"), length=3)
    assert [read(letters, row) for row in letters.x] == ["abc", "def"]
    assert [read(letters, row) for row in letters.y] == ["bcd", "efg"]


def test_the_last_character_is_only_ever_a_target(write: Write) -> None:
    letters = load_text(write("abcdefg"), length=3)
    assert [read(letters, row) for row in letters.x] == ["abc", "def"]
    assert load_text(write("abcdef"), length=3).x.shape == (1, 3)


@pytest.mark.parametrize(
    ("content", "characters"),
    [
        ("zebra, Zebra!", " !,Zaberz"),
        ("one\r\ntwo\rtwo\n", "\nenotw"),
        ("\ufeffplain", "ailnp"),
        ("ça va, été 🎈 naïf", " ,afntvçéï🎈"),
    ],
    ids=["letters and marks", "line ends", "byte order mark", "beyond ASCII"],
)
def test_the_vocabulary_is_the_characters_in_order(
    write: Write, content: str, characters: str
) -> None:
    found = load_text(write(content), length=2)
    assert found.name == "notes"
    assert found.class_names == tuple(characters)
    assert found.classes == found.x_classes == len(characters)


def test_a_changed_text_is_read_again(write: Write) -> None:
    assert load_text(write("aabb aabb"), length=2).classes == 3
    assert load_text(write("abcdef ghij"), length=2).classes == 11


def test_writing_to_loaded_rows_spoils_no_later_load_nor_the_targets() -> None:
    alice = load_text()
    targets = alice.y.clone()
    alice.x.zero_()
    assert torch.equal(alice.y, targets)
    assert load_text().x.any()


def test_a_thousand_different_characters_are_the_most(write: Write) -> None:
    thousand = "".join(chr(0x4E00 + i) for i in range(1000))
    assert load_text(write(thousand)).classes == 1000
    with pytest.raises(DataError, match="has 1,001 different characters, more than 1,000"):
        load_text(write(thousand + "a"))


BROKEN = {
    "empty": ("", 64, "'notes.txt' is empty: choose a file with some text"),
    "blank": (" \n \n", 2, "'notes.txt' is empty"),
    "binary": (bytes(range(256)), 64, "'notes.txt' is not UTF-8 text"),
    "latin-1": ("d\xe9j\xe0 vu".encode("latin-1"), 2, "save it as plain text in UTF-8"),
    "short": ("a" * 64, 64, "'notes.txt' has 64 characters, too few for a row of 64"),
    "mended by a shorter row": ("a" * 64, 64, "or set length to 63 or less."),
    "too short for any row": ("ab", 2, "choose a longer text."),
    "no row": ("abc", 1, "rows of 1 characters: set length between 2 and 4,096"),
    "long row": ("abc", 4097, "rows of 4097 characters: set length between 2 and 4,096"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("ask", [signature, load])
def test_a_text_that_cannot_be_used_is_told_in_a_sentence(write: Write, case: str, ask) -> None:
    content, length, sentence = BROKEN[case]
    with pytest.raises(DataError) as told:
        ask("text", path=write(content), length=length)
    assert sentence in str(told.value)
    assert str(told.value).endswith(".") and "\n" not in str(told.value)


def test_a_very_large_text_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "encyclopedia.txt"
    with path.open("wb") as sparse:
        sparse.truncate(3_000_000_000)
    with pytest.raises(DataError, match="has 3,000 MB, more than 20 MB: cut a part out of it"):
        signature("text", path=str(path))


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nowhere/to/be/found.txt", "There is no file 'nowhere/to/be/found.txt': check the path."),
        (str(Path(__file__).parent), "is a folder: choose a text file in it."),
        (os.devnull, "is no ordinary file: choose a text file."),
        ("a\0b", "cannot be opened"),
    ],
)
def test_a_path_that_leads_to_no_text_is_told_in_a_sentence(path: str, sentence: str) -> None:
    with pytest.raises(DataError) as told:
        signature("text", path=path)
    assert sentence in str(told.value)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_locked_text_is_told_in_a_sentence(write: Write) -> None:
    path = write("some text")
    Path(path).chmod(0)
    with pytest.raises(DataError, match="Permission denied"):
        load("text", path=path)
