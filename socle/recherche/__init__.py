"""The French analyser, the index, synonyms, queries, mended words, snippets."""
