"""Arithmetic on any tensors, with broadcasting."""
