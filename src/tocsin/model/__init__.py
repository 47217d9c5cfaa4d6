"""Vocabulary: what things are, as frozen structs and column layouts, with no behaviour beyond properties."""
