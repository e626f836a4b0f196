"""The refusal of what comes too late, by a link or a form."""


class TropTard(Exception):
    """What was asked is no longer possible. The message is for the person."""
