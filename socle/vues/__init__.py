"""What a list is rendered as, each under the same query string: files, map, table, figures, feeds, API."""
