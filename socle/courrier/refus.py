"""What is asked too late, by a link or a form."""


class TropTard(Exception):
    """What was asked is not possible any more. Its message is for the person."""
