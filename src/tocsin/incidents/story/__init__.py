"""The import of a story: text in, proposals with their spans out."""
