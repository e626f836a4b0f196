"""Records to and from spreadsheets, for the desk. socle/tableur reads and writes the files."""
