"""What a Selection lists, for tests."""


def records(selection) -> list:
    """Its records, in their order."""
    found = selection.filterset.public().in_bulk(list(selection.keys()))
    return [found[key] for key in selection.keys()]
