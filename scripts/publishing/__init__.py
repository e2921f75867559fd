"""The parts of what is published, each made by a function of its own."""
