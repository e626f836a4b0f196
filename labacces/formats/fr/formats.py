"""Dates and hours as the desk writes them: Django's own, « à » between day and hour, and hours as people write them."""

DATETIME_FORMAT = "j F Y à H:i"
# The first one is what a form shows.
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M", "%Hh%M", "%H h %M", "%Hh %M", "%H h%M", "%Hh", "%H h"]
