"""An old wiki made up for tests: its records, and the files and answers that such a wiki gives."""
