"""What a Selection lists, for tests."""


def records(selection) -> list:
    """Its records, in their order."""
    keys = list(selection.keys())
    found = selection.filterset.public().in_bulk(keys)
    return [found[key] for key in keys]
