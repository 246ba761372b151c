"""The manager's desk: my team's week, a reminder in my name, what goes into the digests."""
