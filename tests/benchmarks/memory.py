"""The most memory that tensors hold at one time while some code runs."""

from collections.abc import Callable
from typing import Any
from weakref import finalize

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class _Watch(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.peak = 0
        self._known: set[int] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        # What an operation is given and nothing here made was there before: a view of it is free.
        for leaf in tree_leaves((args, kwargs)):
            self._see(leaf, is_new=False)
        out = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(out):
            self._see(leaf, is_new=True)
        return out

    def _see(self, leaf: Any, is_new: bool) -> None:
        if not isinstance(leaf, torch.Tensor):
            return
        storage = leaf.untyped_storage()
        key = storage._cdata
        if key in self._known:
            return
        self._known.add(key)
        size = storage.nbytes() if is_new else 0
        self.now += size
        self.peak = max(self.peak, self.now)
        finalize(storage, self._gone, key, size)

    def _gone(self, key: int, size: int) -> None:
        self._known.discard(key)
        self.now -= size


def peak_bytes(work: Callable[[], object]) -> int:
    """Bytes of all tensors made while `work` ran, at their highest."""
    with _Watch() as watch:
        work()
    return watch.peak
