"""The change log: what became public, changed or left, in one order; and what a process remembers of the data by it."""
