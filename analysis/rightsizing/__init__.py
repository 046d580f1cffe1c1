"""Right-sizing of instances: what they need, what there is, and what fits."""
