"""`devices`: what nets can be trained on."""

from dataclasses import asdict

from explorer.cli import lines, tables
from explorer.training import Device
from explorer.training.devices import available


def list_devices(json: bool) -> int:
    """Print every device of this machine, the one that "auto" means first."""
    found = available()
    if json:
        lines.print_json([asdict(device) for device in found])
    else:
        _show(found)
    return 0


def _show(found: list[Device]) -> None:
    table = tables.table("Device", "Name", "Memory", numbers=("Memory",))
    for device in found:
        memory = f"{device.memory / 2**30:.0f} GiB" if device.memory else "unknown"
        table.add_row(device.id, device.name, memory)
    tables.show(table)
