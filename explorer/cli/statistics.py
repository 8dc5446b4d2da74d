"""What a tensor's numbers are like, for people and for machines."""

from explorer.program.viewing import Statistics


def as_json(known: Statistics) -> dict[str, float]:
    return {**_named(known), "bad": known.bad}


def in_words(known: Statistics) -> str:
    text = "  ".join(f"{name} {number:.4g}" for name, number in _named(known).items())
    return f"{text}  NaN or infinite: {known.bad}" if known.bad else text


def _named(known: Statistics) -> dict[str, float]:
    return {
        "mean": known.mean,
        "std": known.std,
        "min": known.minimum,
        "max": known.maximum,
        "norm": known.norm,
    }
