"""Journeys through the whole window, told as a person would."""
