"""Layers that sum images up, window by window."""
