"""What a run leaves on the box for the next one."""
