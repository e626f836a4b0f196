"""The ground: knows no record. Each room could stand in another site."""
