"""The refusal of what comes too late, by a link or a form."""


class TropTard(Exception):
    """No longer possible. The message is for the person."""
