"""Every dataset by name: its rows are what its signature promised, and the same each time."""

import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.data import DATASETS, DataError, load, signature
from explorer.layers.sources import Data

TOYS = ("moons", "circles", "spiral", "xor", "gaussians")
GENERATED = ("random", *TOYS, "digit_strips")
BUNDLED = ("digits", "digits_32", "iris", "wine", "breast_cancer", "diabetes")
SEQUENCES = ("digit_strips", "text")


def test_the_catalogue_lists_the_datasets_in_the_order_of_the_menu() -> None:
    pictures = ("digits", "digits_32", "digit_strips")
    tables = ("iris", "wine", "breast_cancer", "diabetes")
    assert tuple(DATASETS) == ("random", *TOYS, *pictures, *tables, "text", "csv")
    for name, info in DATASETS.items():
        assert info.name == name
        assert info.title
        assert info.description.count("\n") == 0 and info.description[-1] in ".?"
        assert info.generated == (name in GENERATED)
        assert info.noisy == (name in TOYS)


@pytest.mark.parametrize("name", [*GENERATED, *BUNDLED])
@pytest.mark.parametrize("labels", ["auto", "class", "binary", "real"])
def test_the_signature_is_known_before_the_rows_are(name: str, labels: str) -> None:
    try:
        promised = signature(name, labels=labels)
    except DataError as refused:
        with pytest.raises(DataError, match=str(refused)):
            load(name, labels=labels)
        return

    dataset = load(name, labels=labels)

    assert dataset.signature == promised
    assert dataset.name == name
    assert dataset.x.dtype == torch.float32
    assert dataset.x.isfinite().all() and dataset.y.isfinite().all()
    assert len(dataset) == len(dataset.x) == len(dataset.y)
    assert len(dataset.feature_names) == dataset.x[0].numel()
    assert all(type(each) is str for each in (*dataset.feature_names, *dataset.class_names))


@pytest.mark.parametrize("name", [name for name in DATASETS if name != "csv"])
def test_a_data_node_feeds_what_its_data_set_promises(name: str) -> None:
    node = Data(dataset=name, samples=20, length=7)
    rows = load(**node.source)

    fed = node.feeds()

    for port, tensor, classes in (("x", rows.x, rows.x_classes), ("y", rows.y, rows.classes)):
        assert fed[port].shape == ("N", *tensor.shape[1:])
        assert fed[port].dtype == tensor.dtype
        assert fed[port].classes == classes
        if classes:
            assert tensor.min() >= 0 and tensor.max() < classes


@pytest.mark.parametrize("name", SEQUENCES)
@pytest.mark.parametrize("labels", ["binary", "real"])
@pytest.mark.parametrize("ask", [signature, load])
def test_a_sequence_of_classes_has_no_other_labels(name: str, labels: str, ask) -> None:
    with pytest.raises(DataError) as told:
        ask(name, labels=labels)
    assert str(told.value) == (
        f"The target of {name} is a sequence of classes, which {labels} labels cannot give: "
        "set labels to auto or class."
    )
    assert ask(name, labels="class").classes == ask(name).classes


@pytest.mark.parametrize("name", [*GENERATED, *BUNDLED])
def test_the_task_says_what_auto_yields(name: str) -> None:
    found = signature(name)

    task = DATASETS[name].task

    assert (found.classes is not None) == (task in ("classification", "sequence"))
    y_shape = {"classification": (), "sequence": (5,)}.get(task, (1,))
    assert found.y_shape == y_shape
    assert found.y_dtype == (torch.int64 if found.classes else torch.float32)
    assert bool(load(name).class_names) == (task != "regression")


def test_asking_for_a_signature_waits_for_no_heavy_import() -> None:
    code = (
        "import sys; from explorer.data import DATASETS, signature\n"
        "[signature(name) for name in DATASETS if name != 'csv']\n"
        "print(*{'sklearn', 'pandas', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_random_is_the_data_of_the_tutorial() -> None:
    generator = torch.Generator().manual_seed(7)
    x = torch.rand(1000, 16, generator=generator)
    draw = torch.rand(1000, 1, generator=generator)

    binary = load("random", samples=1000, seed=7)
    real = load("random", samples=1000, seed=7, labels="real")

    assert torch.equal(binary.x, x) and torch.equal(binary.y, 1.0 * (draw > 0.5))
    assert torch.equal(real.x, x) and torch.equal(real.y, draw)


def test_the_moons_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import make_moons

    points, classes = make_moons(100, noise=None)

    ours = load("moons", samples=100, noise=0.0, labels="class")

    for side in (0, 1):
        theirs = torch.tensor(points[classes == side], dtype=torch.float32)
        distances = torch.cdist(ours.x[ours.y == side], theirs)
        assert distances.min(0).values.max() < 1e-3 and distances.min(1).values.max() < 1e-3


@pytest.mark.parametrize("name", TOYS)
@given(samples=st.integers(2, 99), seed=st.integers(-(2**63), 2**63 - 1))
def test_toy_classes_are_balanced_and_within_sight(name: str, samples: int, seed: int) -> None:
    dataset = load(name, samples=samples, noise=0.0, seed=seed, labels="class")

    ones = int(dataset.y.sum())

    assert len(dataset) == samples
    assert ones == samples // 2
    assert dataset.x.abs().max() <= 2.5


@pytest.mark.parametrize("name", GENERATED)
def test_the_same_seed_makes_the_same_rows_and_another_seed_others(name: str) -> None:
    state = torch.get_rng_state()

    first, again, other = (load(name, samples=50, seed=seed) for seed in (3, 3, 4))

    assert torch.equal(first.x, again.x) and torch.equal(first.y, again.y)
    assert not torch.equal(first.x, other.x)
    assert torch.equal(torch.get_rng_state(), state), "torch's own random state was touched"


@pytest.mark.parametrize("name", TOYS)
def test_noise_is_the_standard_deviation_of_what_is_added(name: str) -> None:
    clean = load(name, samples=4000, noise=0.0)
    noisy = load(name, samples=4000, noise=0.2)

    # The same draws are made with and without noise, so that rows correspond.
    assert torch.equal(clean.y, noisy.y)
    assert (noisy.x - clean.x).std().item() == pytest.approx(0.2, rel=0.05)


def test_rows_are_not_sorted_by_class() -> None:
    assert 0.3 < load("circles", samples=100).y[:50].mean().item() < 0.7


@pytest.mark.parametrize("name", ["xor", "circles"])
def test_each_toy_keeps_its_rule_where_there_is_no_noise(name: str) -> None:
    dataset = load(name, samples=200, noise=0.0, labels="class")
    rule = {
        "xor": dataset.x.prod(dim=1) < 0,
        "circles": dataset.x.norm(dim=1) < 0.75,
    }[name]
    assert torch.equal(dataset.y.bool(), rule)


def test_digits_are_images_between_black_and_white() -> None:
    digits = load("digits")
    assert digits.x.shape == (1797, 1, 8, 8)
    assert (digits.x.min().item(), digits.x.max().item()) == (0.0, 1.0)
    assert digits.class_names == tuple("0123456789")
    assert digits.classes == 10


def test_large_digits_are_the_small_ones_enlarged() -> None:
    small, large = load("digits"), load("digits_32")

    assert large.x.shape == (1797, 1, 32, 32)
    assert (large.x.min().item(), large.x.max().item()) == (0.0, 1.0)
    assert torch.equal(large.y, small.y) and large.class_names == small.class_names
    shrunk = torch.nn.functional.avg_pool2d(large.x, 4)
    assert (shrunk - small.x).abs().mean() < 0.05


def test_writing_to_large_digits_spoils_no_later_load() -> None:
    load("digits_32").x.zero_()
    assert load("digits_32").x.any()


def test_the_flowers_keep_their_names() -> None:
    iris = load("iris")
    assert iris.class_names == ("setosa", "versicolor", "virginica")
    assert iris.feature_names[0] == "sepal length (cm)"


def test_two_named_classes_stay_named_as_zeros_and_ones() -> None:
    cancer = load("breast_cancer")
    assert cancer.class_names == ("malignant", "benign")
    assert set(cancer.y.flatten().tolist()) == {0.0, 1.0}
    assert load("breast_cancer", labels="real").class_names == ()


def test_diabetes_comes_in_the_units_of_the_clinic() -> None:
    diabetes = load("diabetes")
    assert diabetes.feature_names[0] == "age"
    assert diabetes.x[0, 0].item() == 59
    assert diabetes.y[0].item() == 151


def test_taking_rows_makes_a_dataset_of_those_rows() -> None:
    iris = load("iris")

    few = iris.take([149, 0])

    assert len(few) == 2
    assert torch.equal(few.x, iris.x[[149, 0]])
    assert few.y.tolist() == [2, 0]
    assert few.class_names == iris.class_names
    assert few.signature == iris.signature


@pytest.mark.parametrize("ask", [signature, load])
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"dataset": "mons"}, "There is no dataset 'mons': did you mean 'moons'?"),
        ({"dataset": "zzzzzz"}, "choose one of random, moons, "),
        ({"dataset": "moons", "labels": "label"}, "choose one of auto, class, binary, real"),
        ({"dataset": "moons", "samples": 1}, "Cannot make 1 samples: set samples between 2"),
        ({"dataset": "moons", "samples": 10**12}, "set samples between 2 and 10,000,000"),
        ({"dataset": "digit_strips", "samples": 10**6}, "set samples between 2 and 100,000"),
        ({"dataset": "digit_strips", "seed": 2**70}, "does not fit in 64 bits"),
        ({"dataset": "moons", "noise": -0.1}, "Noise cannot be -0.1"),
        ({"dataset": "moons", "noise": float("nan")}, "Noise cannot be nan"),
        ({"dataset": "moons", "seed": 2**70}, "does not fit in 64 bits"),
        ({"dataset": "iris", "labels": "binary"}, "has 3 classes, and binary labels need"),
        ({"dataset": "diabetes", "labels": "binary"}, "is a number, and binary labels need"),
        ({"dataset": "diabetes", "labels": "class"}, "is a number, not a class"),
    ],
)
def test_an_option_that_cannot_be_is_told_in_a_sentence(ask, options, sentence) -> None:
    with pytest.raises(DataError) as told:
        ask(**options)
    assert sentence in str(told.value)
    assert str(told.value)[-1] in ".?"
