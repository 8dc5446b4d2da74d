"""Numbers, counts and sizes as people read them."""

import math

import pytest

from explorer.graph.quantities import brief, in_bytes, rounded, short


@pytest.mark.parametrize(
    ("count", "text"),
    [
        *((0, "0"), (999, "999"), (1000, "1.00 k"), (12_345, "12.3 k"), (999_499, "999 k")),
        *((999_500, "1.00 M"), (5_783_552, "5.78 M"), (7 * 10**18, "7000 P")),
    ],
)
def test_a_count(count: int, text: str) -> None:
    assert rounded(count) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        *((0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1_048_064, "1.00 MiB")),
        *((20_000_000, "19.1 MiB"), (3 * 2**30, "3.00 GiB")),
    ],
)
def test_a_size_in_memory(size: int, text: str) -> None:
    assert in_bytes(size) == text


@pytest.mark.parametrize(
    ("number", "text", "in_few_characters"),
    [
        *((0.0, "0", "0"), (0.0929, "0.09290", "0.093"), (-1.5, "-1.500", "-1.5")),
        *(
            (9.29e-4, "9.290e-4", "9.3e-4"),
            (456.7, "456.7", "457"),
            (4096.0, "4,096", "4.1e3"),
            (99.7, "99.70", "100"),
            (-99.5, "-99.50", "-100"),
            (999.4, "999.4", "999"),
            (999.96, "1,000", "1.0e3"),
        ),
        *((2e7, "2.000e7", "2.0e7"), (-math.inf, "-∞", "-∞"), (math.nan, "NaN", "NaN")),
    ],
)
def test_a_number_with_a_fraction(number: float, text: str, in_few_characters: str) -> None:
    assert short(number) == text
    assert brief(number) == in_few_characters


@pytest.mark.parametrize(
    ("number", "text"), [(4096, "4,096"), (10**7, "1.000e7"), (True, "1"), (-7, "-7")]
)
def test_a_whole_number_is_told_in_full_unless_it_is_very_large(number: int, text: str) -> None:
    assert short(number) == text
