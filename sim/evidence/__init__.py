"""Facing data, theory and the claims: measurements, calibration, validation, verdicts."""
