"""The old site: what it printed and answered, read and merged. Nothing imports it."""
