"""Exploration: people who want to take part; each decides whether to be shown."""
