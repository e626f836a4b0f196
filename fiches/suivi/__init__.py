"""History, versions compared and restored, batches, doubles and merges, what is to be read again."""
