"""History, versions compared and restored, batches, doubles and merges."""
