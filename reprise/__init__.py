"""The old site: what it printed and answered, read and followed. Nothing imports it."""
