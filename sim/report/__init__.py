"""Results in words and tables for people to read."""
