"""How fast a week is: against the bare work, another number of threads, and the readable engine."""
