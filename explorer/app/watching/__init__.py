"""Watches: expressions over a net's tensors that are read anew behind each step."""
