"""Random numbers of a run: every step has a seed of its own, so that it can be replayed."""

_MASK = (1 << 64) - 1


def of_step(run: int, step: int) -> int:
    """The seed of one step of a run with that seed: 31 bits, unlike those of the steps around it.

    Source: splitmix64, Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators".
    """
    z = (run * 0xD1342543DE82EF95 + (step + 1) * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return (z ^ (z >> 31)) >> 33
