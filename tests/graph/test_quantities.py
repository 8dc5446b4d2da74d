"""Counts and sizes as people read them."""

import pytest

from explorer.graph.quantities import in_bytes, rounded


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
