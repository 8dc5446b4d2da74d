"""The devices of this machine by torch's names, and one picked by what the user says."""

import pytest
import torch

from explorer.training import Device, DeviceError, devices


def test_the_cpu_is_always_there_and_comes_last() -> None:
    *accelerators, cpu = devices.available()

    assert cpu.id == "cpu"
    assert cpu.name and cpu.name == cpu.name.strip()
    assert cpu.memory > 2**28
    assert "cpu" not in [device.id for device in accelerators]


def test_a_device_reads_as_one_line() -> None:
    assert str(Device("cuda:1", "Fast One", 80 * 2**30)) == "cuda:1: Fast One, 80 GiB"
    assert str(Device("xpu:0", "Another", 0)) == "xpu:0: Another"
    assert all("\n" not in str(device) for device in devices.available())


def test_auto_is_the_first_of_them() -> None:
    assert devices.pick() == devices.pick("auto") == torch.device(devices.available()[0].id)


def test_every_device_that_is_listed_can_be_picked() -> None:
    for device in devices.available():
        assert str(devices.pick(device.id)) == device.id
        assert devices.pick(torch.device(device.id)) == torch.device(device.id)


def test_meta_can_be_picked_though_it_is_not_listed() -> None:
    assert devices.pick("meta").type == "meta"
    assert "meta" not in [device.id for device in devices.available()]


@pytest.mark.parametrize("wanted", ["abacus", "cuda:99", "", "CPU"])
def test_a_device_that_is_not_there_is_told_with_those_that_are(wanted: str) -> None:
    with pytest.raises(DeviceError) as refused:
        devices.pick(wanted)

    known = ", ".join(device.id for device in devices.available())
    expected = f"there is no device {wanted} on this machine: choose auto, {known}"
    assert str(refused.value) == expected


@pytest.mark.gpu
@pytest.mark.skipif(not torch.accelerator.is_available(), reason="no accelerator")
def test_an_accelerator_comes_first_and_its_number_may_be_left_out(
    accelerator: torch.device,
) -> None:
    first = devices.available()[0]

    assert first.id.startswith(accelerator.type)
    assert first.name and first.memory > 2**28
    assert str(devices.pick("auto")) == str(devices.pick(accelerator.type)) == first.id
