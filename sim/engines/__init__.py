"""Engines walk the stages of people over the columns; all give the same tables, to the last bit."""
