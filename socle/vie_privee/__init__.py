"""Personal data: the registry of what is kept, purge, erasure, copies for persons."""
