"""The refusal of an action, by a link or a form, that comes too late."""


class TropTard(Exception):
    """The action is no longer possible. The message is for the person."""
