"""The official geographic code; places recognised."""
