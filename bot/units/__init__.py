"""What one order, user or request costs: units are defined in a file, counted by a CSV file or by CloudWatch."""
