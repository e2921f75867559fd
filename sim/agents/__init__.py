"""Agents: a row of the columns and verbs over it."""
