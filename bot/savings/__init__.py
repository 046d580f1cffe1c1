"""What a scan for savings stands on: which checks run, where tables come from and lie, what counts, what is told."""
