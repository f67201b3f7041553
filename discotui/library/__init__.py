"""The person's collection on this machine: what was read, what was edited, what still waits to be sent."""
