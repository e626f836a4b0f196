"""The official geographic code; places recognised; the map of the region."""
