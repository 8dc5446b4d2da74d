"""On an accelerator every layer gives what it gives on the CPU, in float64."""

from typing import Any

import pytest
import torch
from torch.testing import assert_close

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.accelerator.is_available(), reason="no accelerator"),
]


def test_values_and_gradients_are_those_of_the_cpu(case: Any) -> None:
    device = torch.accelerator.current_accelerator()
    if "seed" in case.told and case.told.get("training"):
        pytest.skip("a device draws random numbers of its own")
    here, there = case, case.map(lambda tensor: tensor.to(device))

    for expected, found in zip(here.forward()[0], there.forward()[0], strict=True):
        assert found.device.type == device.type
        assert_close(found.cpu(), expected, rtol=1e-9, atol=1e-11)
    if case.differentiable:
        douts = here.upstream()
        expected, found = here.gradients(douts), there.gradients(tuple(d.to(device) for d in douts))
        for name in case.differentiable:
            assert_close(found[name].cpu(), expected[name], rtol=1e-9, atol=1e-11)
