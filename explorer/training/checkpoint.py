"""Weights in a file of their own, beside the graph: NAME.safetensors."""

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from explorer.graph import FileError
from explorer.graph.file import write_atomically


def weights_path(graph_path: str | Path) -> Path:
    """Where a graph's weights live: beside it."""
    return Path(graph_path).with_suffix(".safetensors")


def save_weights(path: str | Path, weights: Mapping[str, Tensor]) -> None:
    """Write parameters by their path, "fc1.w", all of the file or none. FileError says why not."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()}
    write_atomically(Path(path), save(plain))


def load_weights(path: str | Path) -> dict[str, Tensor]:
    """Read parameters by their path. FileError says what is wrong with the file."""
    try:
        return load(Path(path).read_bytes())
    except FileNotFoundError:
        raise FileError(f"{path}: there is no such file; check the name") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}") from None
    except SafetensorError as error:
        raise FileError(
            f"{path} holds no weights in the safetensors format ({error}); choose another file"
        ) from None
