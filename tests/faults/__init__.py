"""Faults that are tried on whole homes; what CI needs of it is called by its tests."""
