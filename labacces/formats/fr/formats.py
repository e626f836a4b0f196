"""Dates and hours as the desk writes them: Django's own, « 1er », « à » between day and hour, and hours as people write
them.
"""

from django.utils.dateformat import DateFormat

DATE_FORMAT = "jS F Y"
DATETIME_FORMAT = "jS F Y à H:i"
MONTH_DAY_FORMAT = "jS F"
# The first one is what a form shows.
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M", "%Hh%M", "%H h %M", "%Hh %M", "%H h%M", "%Hh", "%H h"]


def _ordinal(self: DateFormat) -> str:
    """What follows the day: « er » of the first. Django's own is English (« st », « nd »)."""
    return "er" if self.data.day == 1 else ""


DateFormat.S = _ordinal
