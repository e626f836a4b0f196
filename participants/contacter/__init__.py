"""Messages of visitors, passed on to the persons of a record."""
