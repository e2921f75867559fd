"""The simulated world: people, ties, merchants, the platform and what they remember."""
