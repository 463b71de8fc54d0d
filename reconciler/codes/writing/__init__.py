"""How names and values become words, on the control machine alone."""
