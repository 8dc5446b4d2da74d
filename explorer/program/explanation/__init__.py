"""What explains a call: its equation, one element of it as a sum, the chain, why it is zero."""

from explorer.program.explanation.chain import Chain, Factor
from explorer.program.explanation.equations import Equation, number, raised, spellings
from explorer.program.explanation.explanation import explain
from explorer.program.explanation.lights import Box, Lit
from explorer.program.explanation.page import Explanation, Written
from explorer.program.explanation.pictures import Picture, Triptych
from explorer.program.explanation.places import Place, Source, UnknownElementError, bare, parse
from explorer.program.explanation.terms import Term, Total
from explorer.program.explanation.zero import Zero

__all__ = [
    "Box",
    "Chain",
    "Equation",
    "Explanation",
    "Factor",
    "Lit",
    "Picture",
    "Place",
    "Source",
    "Term",
    "Total",
    "Triptych",
    "UnknownElementError",
    "Written",
    "Zero",
    "bare",
    "explain",
    "number",
    "parse",
    "raised",
    "spellings",
]
