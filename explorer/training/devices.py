"""The devices that a net can be trained on, by torch's own names."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import torch


class DeviceError(ValueError):
    """A device that is not there; the message lists those that are."""


@dataclass(frozen=True)
class Device:
    """One device: `id` as torch names it, `memory` in bytes, 0 where it is unknown."""

    id: str
    name: str
    memory: int

    def __str__(self) -> str:
        size = f", {self.memory / 2**30:.0f} GiB" if self.memory else ""
        return f"{self.id}: {self.name}{size}"


def available() -> list[Device]:
    """Every device of this machine: accelerators first, the CPU last."""
    return [*_accelerators(), Device("cpu", _cpu_name(), _cpu_memory())]


def pick(wanted: str | torch.device = "auto") -> torch.device:
    """The device of that name; "auto" is the first accelerator, or the CPU where there is none.

    Raises DeviceError where this machine has no such device. "meta" is always there: it knows
    shapes and no numbers.
    """
    name = str(wanted)
    known = [device.id for device in available()]
    if name == "auto":
        return torch.device(known[0])
    if name == "meta" or name in known:
        return torch.device(name)
    if f"{name}:0" in known:
        return torch.device(f"{name}:0")
    raise DeviceError(f"there is no device {name} on this machine: choose auto, {', '.join(known)}")


def _accelerators() -> list[Device]:
    if not torch.accelerator.is_available():
        return []
    current = torch.accelerator.current_accelerator()
    assert current is not None, "an accelerator that is available has a type"
    kind = current.type
    count = torch.accelerator.device_count()
    return [_accelerator(kind, index, count) for index in range(count)]


def _accelerator(kind: str, index: int, count: int) -> Device:
    id = kind if kind == "mps" and count == 1 else f"{kind}:{index}"
    backend = getattr(torch, kind, None)
    name = getattr(backend, "get_device_name", lambda _: kind.upper())(index)
    if kind == "mps":
        return Device(id, "Apple GPU", int(torch.mps.recommended_max_memory()))
    properties = getattr(backend, "get_device_properties", lambda _: None)(index)
    return Device(id, name, int(getattr(properties, "total_memory", 0)))


def _cpu_name() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "CPU"


def _cpu_memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return 0
