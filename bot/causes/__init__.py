"""What the stored bills know of the lines of a cost, now and before, and how it is said."""
