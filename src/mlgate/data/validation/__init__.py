"""Whether data is as it must be, and which rows are not."""
