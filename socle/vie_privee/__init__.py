"""Registry of personal data, purge, erasure, copies for persons."""
