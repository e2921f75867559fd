"""Rules lifted over columns, compiled."""
