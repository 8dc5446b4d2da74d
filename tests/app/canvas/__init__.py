"""The canvas, driven by real events."""
