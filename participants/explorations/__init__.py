"""Exploration: who wants to take part; shown as each agreed."""
