"""What the gate costs and what it is worth, measured; nothing here is needed to use it."""
