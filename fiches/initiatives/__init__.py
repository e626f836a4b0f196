"""Initiative: the model to copy for a new type."""
