def records(selection) -> list:
    """In their order."""
    keys = list(selection.keys())
    found = selection.filterset.public().in_bulk(keys)
    return [found[key] for key in keys]
