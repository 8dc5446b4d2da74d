"""Layers that bend each number: without one between them, two Linear layers are one."""
