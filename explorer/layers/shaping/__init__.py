"""Layers that rearrange numbers and compute none."""
