"""Sample profiles and the demonstration: the whole product once, on this machine, in a minute."""
