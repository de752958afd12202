"""The sandbox's own addresses, outside /v3: what a person or a test looks at and turns."""
