"""Layers that multiply by a matrix, and rows looked up in one."""
