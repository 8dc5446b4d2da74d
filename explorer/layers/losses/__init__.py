"""Losses: compare a prediction with a target and give one number."""
