"""Numbers that a person changes while stepping, to see what would be if they were others."""
