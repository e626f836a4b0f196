"""The upkeep of records: history, batches, doubles, merges, rereading. Record types use its admin mixins."""
