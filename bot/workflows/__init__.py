"""The trips through the house, one verb a file: gather, think, apply."""
