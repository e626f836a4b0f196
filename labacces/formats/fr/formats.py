"""Dates and hours as the desk writes them: Django's own, « 1er » (`S`, of labacces/apps.py), « à » between day and
hour, and hours as people write them.
"""

DATE_FORMAT = "jS F Y"
DATETIME_FORMAT = "jS F Y à H:i"
MONTH_DAY_FORMAT = "jS F"
# The first one is what a form shows.
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M", "%Hh%M", "%H h %M", "%Hh %M", "%H h%M", "%Hh", "%H h"]
