"""The forms in which a graph can be had as code."""

from enum import StrEnum


class Form(StrEnum):
    NAIVE = "naive"
    PROGRAM = "program"
    AUTOGRAD = "autograd"
    MODULE = "module"
