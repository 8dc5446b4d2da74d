"""Everything that explains one element of what a call wrote, as plain data for one page."""

from dataclasses import dataclass, replace

from torch import Tensor

from explorer.program.explanation.chain import Chain, chain_to
from explorer.program.explanation.computation import Computation, of_call
from explorer.program.explanation.equations import Equation, equations_of, with_numbers
from explorer.program.explanation.lights import MOST, Lit, used
from explorer.program.explanation.local import Local, UnexplainedError, of_gradient, of_output
from explorer.program.explanation.pictures import Picture, Triptych, made_with, triptych
from explorer.program.explanation.places import (
    Place,
    Source,
    UnknownElementError,
    largest,
    place,
    ravel,
)
from explorer.program.explanation.terms import Total, total_of
from explorer.program.explanation.zero import Zero, why_zero, without_gradient
from explorer.program.program import Call
from explorer.program.session import Session

LARGEST = 20_000_000
"""On how many numbers a call may work at most for its elements to be taken apart."""


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


def explain(
    session: Session, call: Call, name: str | None = None, index: tuple[int, ...] | None = None
) -> Explanation:
    """Explain a call that has run.

    `name` is one of what it wrote, "dw", or the variable; by default the first. `index` is the
    element; by default the one that is largest. UnknownElementError where there is no such.
    """
    c = of_call(session, call)
    written = tuple(
        Written(operand.label, operand.variable, tuple(c.written[operand.label].shape))
        for operand in call.writes
        if operand.label in c.written
    )
    page = Explanation(
        call=call,
        written=written,
        equations=_equations(call, c),
        without=() if call.is_addition else without_gradient(session.program, call, c.operands),
    )
    chosen = _chosen(written, name, c)
    if chosen is None:
        return page
    tensor = c.written[chosen.name]
    at = largest(tensor) if index is None else ravel(index, tuple(tensor.shape))
    source = Source("gradient" if c.gradients else "output", chosen.name)
    page = replace(
        page, element=place(source, tensor, at), chain=_chain(session, call, chosen.variable)
    )
    if not tensor.is_floating_point():
        return page
    try:
        local = _local(c, chosen.name, at)
    except UnexplainedError as error:
        return replace(page, refusal=str(error))
    return _with_local(page, session, c, local, at) if local.slopes else page


def _chosen(written: tuple[Written, ...], name: str | None, c: Computation) -> Written | None:
    """The tensor that is asked for, or the first; None where the call wrote no numbers."""
    fit = [each for each in written if c.written[each.name].numel()]
    if name is None or not fit:
        return fit[0] if fit else None
    for each in fit:
        if name in (each.name, each.variable):
            return each
    there = ", ".join(each.name for each in fit)
    raise UnknownElementError(f"this call did not write {name}: it wrote {there}")


def _equations(call: Call, c: Computation) -> tuple[Equation, ...]:
    if not call.is_addition:
        return equations_of(c)
    return tuple(Equation(written.label, call.text, "") for written in call.writes)


def _chain(session: Session, call: Call, variable: str) -> Chain | None:
    if call.phase == "backward":
        return chain_to(session, variable)
    paths = {each: path for path, each in session.program.values.items()}
    return chain_to(session, session.program.gradients.get(paths[variable], ""))


def _local(c: Computation, name: str, at: int) -> Local:
    if c.size > LARGEST:
        raise UnexplainedError(
            f"this call works on {c.size:,} numbers, too many to take one apart: "
            "a smaller batch makes them fewer"
        )
    return of_gradient(c, name, at) if c.gradients else of_output(c, name, at)


def _with_local(
    page: Explanation, session: Session, c: Computation, local: Local, at: int
) -> Explanation:
    """The page with all that follows from the element's local gradient."""
    assert page.element is not None
    source, call = page.element.source, page.call
    lights = used(c, local, source.name, at)
    arriving = local.source
    own = sum(int(mask.sum()) for mask in local.possible.values()) == 1
    return replace(
        page,
        in_numbers=with_numbers(c, source.name, page.element.index) if own else "",
        total=total_of(c, local, source, at),
        triptych=triptych(c, local, source, at) if c.gradients else None,
        made_with=made_with(c, lights, besides=arriving if c.gradients else ""),
        lit=_lit(call, lights),
        zero=why_zero(session, call, c, local, source.name, at),
    )


def _lit(call: Call, lights: dict[Source, Tensor]) -> tuple[Lit, ...]:
    """What the lights stand on, as the call names it; what it does not read is left out."""
    found = []
    operands = (*call.reads, *call.writes)
    for source, mask in lights.items():
        wanted = "cache" if source.where == "cache" else source.name
        variable = next((o.variable for o in operands if o.label == wanted), None)
        if variable is not None:
            label = f"cache: {source.name}" if wanted == "cache" else source.name
            places = mask.flatten().nonzero()[:MOST, 0].cpu().numpy()
            found.append(Lit(label, variable, places))
    return tuple(found)
