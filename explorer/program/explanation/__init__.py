"""What explains a call: its equation, one element of it as a sum, the chain, why it is zero."""

from explorer.program.explanation.chain import Chain, Factor
from explorer.program.explanation.equations import Equation, spellings
from explorer.program.explanation.explanation import Explanation, Written, explain
from explorer.program.explanation.lights import Lit
from explorer.program.explanation.pictures import Picture, Triptych
from explorer.program.explanation.places import Place, Source, UnknownElementError, bare, parse
from explorer.program.explanation.terms import Term, Total
from explorer.program.explanation.zero import Zero

__all__ = [
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
    "parse",
    "spellings",
]
