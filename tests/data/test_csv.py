"""A table of the user's own: what becomes of its columns, and what is said when it is broken."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.data import DataError, Dataset, load, signature

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a CSV file, of text or bytes, and returns its path."""

    def write_csv(content: str | bytes, name: str = "table.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write_csv


def load_csv(path: str, **options: str) -> Dataset:
    dataset = load("csv", path=path, **options)
    assert signature("csv", path=path, **options) == dataset.signature
    return dataset


def test_numbers_are_features_and_the_last_column_is_the_target(write: Write) -> None:
    houses = load_csv(write("rooms,area,price\n3,70.5,1.25\n4,90,2.5\n"))

    assert houses.name == "table"
    assert houses.feature_names == ("rooms", "area")
    assert torch.equal(houses.x, torch.tensor([[3, 70.5], [4, 90]]))
    assert torch.equal(houses.y, torch.tensor([[1.25], [2.5]]))
    assert houses.classes is None and houses.class_names == ()


def test_any_column_can_be_the_target(write: Write) -> None:
    houses = load_csv(write("price,rooms\n1.25,3\n2.5,4\n"), target="price")
    assert houses.feature_names == ("rooms",)
    assert houses.y.flatten().tolist() == [1.25, 2.5]


def test_words_and_truths_become_one_hot_features(write: Write) -> None:
    table = load_csv(write("colour,new,size,y\nred,True,1,.5\nblue,False,2,.5\nred,False,3,1.5\n"))
    assert table.feature_names == ("colour=blue", "colour=red", "new=False", "new=True", "size")
    assert table.x.tolist() == [[0, 1, 0, 1, 1], [1, 0, 1, 0, 2], [0, 1, 1, 0, 3]]


@pytest.mark.parametrize(
    ("cells", "labels", "y", "classes", "class_names"),
    [
        ("no yes no", "auto", [[0.0], [1.0], [0.0]], None, ("no", "yes")),
        ("no yes no", "class", [0, 1, 0], 2, ("no", "yes")),
        ("False True True", "auto", [[0.0], [1.0], [1.0]], None, ("False", "True")),
        ("False True True", "real", [[0.0], [1.0], [1.0]], None, ()),
        ("cat ant bee", "auto", [2, 0, 1], 3, ("ant", "bee", "cat")),
        ("7 3 5", "auto", [2, 0, 1], 3, ("3", "5", "7")),
        ("-1 1 -1", "auto", [0, 1, 0], 2, ("-1", "1")),
        ("-1 1 -1", "binary", [[0.0], [1.0], [0.0]], None, ("-1", "1")),
        ("7.0 3.0 7.0", "auto", [1, 0, 1], 2, ("3", "7")),
        ("7 3 5", "real", [[7.0], [3.0], [5.0]], None, ()),
        ("1 1 1", "real", [[1.0], [1.0], [1.0]], None, ()),
        ("7.5 3 5", "auto", [[7.5], [3.0], [5.0]], None, ()),
    ],
)
def test_the_target_takes_the_form_that_its_cells_suggest(
    write: Write, cells: str, labels: str, y: list, classes: int | None, class_names: tuple
) -> None:
    rows = "".join(f"{i},{cell}\n" for i, cell in enumerate(cells.split()))

    table = load_csv(write("x,y\n" + rows), labels=labels)

    assert table.y.tolist() == y
    assert table.y.dtype == (torch.int64 if classes else torch.float32)
    assert table.classes == classes
    assert table.class_names == class_names


def test_more_than_twenty_whole_numbers_are_a_quantity(write: Write) -> None:
    twenty = write("x,y\n" + "".join(f"0.5,{i}\n" for i in range(20)), "20.csv")
    more = write("x,y\n" + "".join(f"0.5,{i}\n" for i in range(21)), "21.csv")

    assert load_csv(twenty).classes == 20
    assert load_csv(more).classes is None
    assert load_csv(more, labels="class").classes == 21


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,2.5\n3,4.5\n",
        "a;b\n1;2.5\n3;4.5\n",
        "a\tb\n1\t2.5\n3\t4.5\n",
        "a, b\r\n1, 2.5\r\n3, 4.5\r\n",
        "\ufeffa,b\n1,2.5\n3,4.5",
        '\n"a","b"\n\n1,"2.5"\n\n3,4.5\n\n',
    ],
    ids=["commas", "semicolons", "tabs", "Windows", "byte order mark", "quotes and blank lines"],
)
def test_the_dialects_of_csv_are_understood(write: Write, content: str) -> None:
    table = load_csv(write(content))
    assert table.feature_names == ("a",)
    assert table.x.tolist() == [[1], [3]]
    assert table.y.tolist() == [[2.5], [4.5]]


def test_integers_beyond_64_bits_are_still_numbers(write: Write) -> None:
    table = load_csv(write("a,b\n100000000000000000000000,0.5\n3,1.5\n"))
    assert table.x.tolist() == [[pytest.approx(1e23)], [3]]


def test_a_changed_file_is_read_again(write: Write) -> None:
    path = write("a,b\n1,2.5\n3,4.5\n")
    assert len(load_csv(path)) == 2

    write("a,b,c\n1,2,x\n3,4,y\n5,6,z\n")

    table = load_csv(path)
    assert len(table) == 3
    assert table.classes == 3


def test_writing_to_loaded_rows_spoils_no_later_load(write: Write) -> None:
    path = write("a,b\n1,2.5\n3,4.5\n")
    load_csv(path).x.zero_()
    assert load_csv(path).x.tolist() == [[1], [3]]


def wide(columns: int) -> str:
    return ",".join(f"c{i}" for i in range(columns)) + "\n" + ",".join("1" * columns) + "\n"


BROKEN = {
    "empty": ("", {}, "'table.csv' is empty"),
    "blank": ("\n  \n", {}, "'table.csv' is empty"),
    "binary": (bytes(range(256)), {}, "is not UTF-8 text"),
    "zeros": (b"\0" * 100, {}, "is not text"),
    "latin-1": ("a,b\nd\xe9j\xe0,1\n".encode("latin-1"), {}, "save it as CSV in UTF-8"),
    "one column": ("a\n1\n2\n", {}, "has only one column"),
    "no rows": ("a,b\n", {}, "has no rows"),
    "no header": ("1,2\n3,4\n", {}, "Line 1 of 'table.csv' holds numbers"),
    "no name": (",a,b\n0,1,2\n", {}, "Column 1 of 'table.csv' has no name in line 1"),
    "same name": ("a,b,a\n1,2,3\n", {}, "Line 1 of 'table.csv' names 2 columns 'a'"),
    "long row": ("a,b\n1,2\n3,4,5\n", {}, "Expected 2 fields in line 3, saw 3"),
    "long rows": (
        "a,b\n1,2,3\n3,4,5\n",
        {},
        "Line 2 of 'table.csv' has 3 values, but line 1 names 2",
    ),
    "open quote": ('a,b\n1,"2\n', {}, "is not a proper CSV file"),
    "short row": ("a,b\n1,2\n3\n", {}, "Line 3 of 'table.csv', column 'b', has no value"),
    "gap": ("a,b\n1,2\n3,4\n,6\n", {}, "Line 4 of 'table.csv', column 'a', has no value"),
    "gap after blank lines": ("\na,b\n\n1,2\n\n3,\n", {}, "Line 6 of 'table.csv', column 'b'"),
    "gap after two-line cell": ('a,b\n"x\ny",2\nz,NA\n', {}, "Line 4 of 'table.csv', column 'b'"),
    "infinity": ("a,b\n1,2\ninf,3\n", {}, "Line 3 of 'table.csv', column 'a', is inf"),
    "too large": ("a,b\n1,2\n2,1e39\n", {}, "Line 3 of 'table.csv', column 'b', is 1e+39"),
    "stray word": (
        "a,b\n" + "1,0.5\n" * 12 + "oops,1.5\n",
        {},
        "Line 14 of 'table.csv', column 'a', is 'oops' among numbers",
    ),
    "names": (
        "name,b\n" + "".join(f"n{i},0.5\n" for i in range(101)),
        {},
        "Column 'name' of 'table.csv' is text with 101 different values",
    ),
    "unknown target": ("a,b\n1,2\n", {"target": "c"}, "no column 'c' for the target: choose a, b."),
    "unknown target among many": (wide(20), {"target": "d"}, "c6, c7 and 12 more."),
    "one class": ("a,b\n1,x\n2,x\n", {}, "is 'x' in every row"),
    "one number": ("a,b\n1,5\n2,5\n", {}, "is '5' in every row"),
    "three as binary": (
        "a,b\n1,x\n2,y\n3,z\n",
        {"labels": "binary"},
        "The target 'b' of 'table.csv' has 3 classes",
    ),
    "fractions as classes": ("a,b\n1,.5\n2,1\n", {"labels": "class"}, "is a number, not a class"),
    "fractions as binary": ("a,b\n1,.5\n2,1\n", {"labels": "binary"}, "is a number, and binary"),
    "words as numbers": ("a,b\n1,x\n2,y\n", {"labels": "real"}, "is text, not a number"),
    "identifiers as classes": (
        "a,b\n" + "".join(f"0.5,{i}\n" for i in range(101)),
        {"labels": "class"},
        "has 101 different values",
    ),
    "labels": ("a,b\n1,2\n", {"labels": "classes"}, "Labels cannot be 'classes'"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_table_is_told_in_a_sentence(write: Write, case: str) -> None:
    content, options, sentence = BROKEN[case]
    path = write(content)

    for ask in (signature, load):
        with pytest.raises(DataError) as told:
            ask("csv", path=path, **options)
        assert sentence in str(told.value)
        assert str(told.value).endswith(".")
        assert "\n" not in str(told.value)


@settings(deadline=None)
@given(content=st.text(alphabet='ab1.5-einfNA,;"\t \r\n\0é', max_size=40), header=st.booleans())
def test_whatever_a_file_holds_it_makes_a_dataset_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: str, header: bool
) -> None:
    path = tmp_path_factory.mktemp("any") / "table.csv"
    path.write_text("a,b\n" + content if header else content, encoding="utf-8", newline="")
    try:
        dataset = load_csv(str(path))
    except DataError as told:
        assert str(told)
    else:
        assert len(dataset) >= 1
        assert dataset.x.isfinite().all() and dataset.y.isfinite().all()


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("", "No CSV file is chosen"),
        ("  ", "No CSV file is chosen"),
        ("nowhere/to/be/found.csv", "There is no file 'nowhere/to/be/found.csv'"),
        ("https://example.org/a.csv", "There is no file 'https://example.org/a.csv'"),
        (__file__ + "/below.csv", "There is no file"),
        (str(Path(__file__).parent), "is a folder"),
        (os.devnull, "is no ordinary file"),
        ("a\0b", "cannot be opened"),
        ("a" * 5000, "cannot be opened"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_in_a_sentence(path: str, sentence: str) -> None:
    with pytest.raises(DataError) as told:
        signature("csv", path=path)
    assert sentence in str(told.value)
    assert str(told.value).endswith(".")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_locked_file_is_told_in_a_sentence(write: Write) -> None:
    path = write("a,b\n1,2\n")
    Path(path).chmod(0)
    with pytest.raises(DataError, match="Permission denied"):
        load("csv", path=path)
