"""The room where any tensor can be looked at."""
