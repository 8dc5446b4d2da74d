"""Layers that drop numbers at random while training."""
