"""Records in a spreadsheet and back: files read within bounds, cells understood, rows saved as an editor would."""
