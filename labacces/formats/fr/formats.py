"""Dates as the desk writes them: Django's own, « à » between day and hour."""

DATETIME_FORMAT = "j F Y à H:i"
