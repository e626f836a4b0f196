"""An old wiki made up for tests: its records, and all the files and answers in which such a wiki gives them out."""
