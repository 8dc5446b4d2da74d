"""What is told about one call and one element of what it wrote: plain data for one page."""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from explorer.program.explanation.chain import Chain
from explorer.program.explanation.equations import Equation
from explorer.program.explanation.lights import Lit
from explorer.program.explanation.pictures import Picture, Triptych
from explorer.program.explanation.places import Place, UnknownElementError
from explorer.program.explanation.terms import Total
from explorer.program.explanation.zero import Zero
from explorer.program.program import Call


@dataclass(frozen=True)
class Written:
    """A tensor that a call wrote, of which elements can be explained."""

    name: str
    variable: str
    shape: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Explanation:
    """One page about a call and one element of what it wrote.

    Attributes:
        call: the call.
        meeting: whose gradients an addition adds up, in words; "" of a layer's call.
        written: the tensors that it wrote.
        element: the number that is explained; None where the call wrote none.
        equations: the layer's formulas for what the call wrote.
        in_numbers: the element's formula with its numbers put in; "" where that says nothing.
        total: the element as the sum that it is; None where it could not be taken apart, and then
            `refusal` says why.
        triptych: local gradient times upstream is downstream, in pictures; None going forward.
        made_with: pictures of the other tensors that the element was made with.
        lit: which numbers the element was made with.
        chain: the factors from the loss to here; None where no gradient comes.
        zero: why the element is 0, if it is.
        without: what gets no gradient here, and why; a sentence for each.
    """

    call: Call
    written: tuple[Written, ...]
    equations: tuple[Equation, ...]
    meeting: str = ""
    element: Place | None = None
    in_numbers: str = ""
    total: Total | None = None
    refusal: str = ""
    triptych: Triptych | None = None
    made_with: tuple[Picture, ...] = ()
    lit: tuple[Lit, ...] = ()
    chain: Chain | None = None
    zero: Zero | None = None
    without: tuple[str, ...] = ()


def written_by(call: Call, tensors: Mapping[str, Tensor]) -> tuple[Written, ...]:
    """What a call wrote, in its order, of the tensors by name."""
    return tuple(
        Written(operand.label, operand.variable, tuple(tensors[operand.label].shape))
        for operand in call.writes
        if operand.label in tensors
    )


def choose(
    written: tuple[Written, ...], name: str | None, tensors: Mapping[str, Tensor]
) -> Written | None:
    """The tensor that is asked for, or the first; None where the call wrote no numbers."""
    fit = [each for each in written if tensors[each.name].numel()]
    if name is None or not fit:
        return fit[0] if fit else None
    for each in fit:
        if name in (each.name, each.variable):
            return each
    there = ", ".join(each.name for each in fit)
    raise UnknownElementError(f"this call did not write {name}: it wrote {there}")
