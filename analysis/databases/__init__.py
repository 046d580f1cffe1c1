"""What checks on databases, caches and tables have in common: sizes, prices, demand."""
