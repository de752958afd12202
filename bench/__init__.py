"""Measurements: `python -m bench` (the pipeline against the physical limit) and `bench/shape.py` (the size of our code)."""
