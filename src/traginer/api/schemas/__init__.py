"""What operations take beside the specifications of the configuration file, and what they show, by noun."""
