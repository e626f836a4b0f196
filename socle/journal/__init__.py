"""The change log: each record that becomes public, changes or leaves, in one order. Caches depend on it."""
