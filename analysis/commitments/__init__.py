"""Reserved Instances and Savings Plans: what is owned, how it is used, and what buying more would bring."""
