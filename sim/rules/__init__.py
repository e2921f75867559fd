"""Rules: pure scalar functions of one situation, plain Python that also compiles."""
