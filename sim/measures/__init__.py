"""What is shown to people: outcomes, tables and checks, computed from what happened."""
