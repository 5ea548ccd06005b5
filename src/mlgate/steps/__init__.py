"""One step of the road each: read, compute, write the record; what the commands are made of."""
