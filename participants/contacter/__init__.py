"""What visitors write to the persons of a record, the errors they report, their votes on pages."""
