"""The commands: each is a file of its own, imported when it is asked for."""
