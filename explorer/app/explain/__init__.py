"""The room where a call is explained: its equation, its numbers, its place in the chain."""
