"""Messages: pure functions from a domain object to Block Kit, one message a file."""
