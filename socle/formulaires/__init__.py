"""Public forms that guard themselves; signs of spam."""
