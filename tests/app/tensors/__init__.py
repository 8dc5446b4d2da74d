"""The room where tensors are looked at, driven by real events."""
