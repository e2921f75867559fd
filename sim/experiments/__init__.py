"""Runs, the store they are kept in, and what is made of many of them."""
