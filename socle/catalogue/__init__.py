"""Selection, filters, facets, columns, files: what every public list is made of."""
