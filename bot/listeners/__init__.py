"""What Slack sends us: each listener parses, acknowledges and hands over; none of them waits."""
