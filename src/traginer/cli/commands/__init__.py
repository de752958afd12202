"""One module a command. `command` in each is the click command."""
