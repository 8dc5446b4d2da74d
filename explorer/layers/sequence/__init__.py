"""Layers that read sequences: recurrent nets and attention."""
