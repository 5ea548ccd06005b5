"""What data looks like, in a few kilobytes."""
