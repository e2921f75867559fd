"""Which value of a lever serves best, how sure that is, and what it depends on."""
