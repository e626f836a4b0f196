"""Messages of visitors to the persons of a record or to the team, reported errors, votes on pages."""
