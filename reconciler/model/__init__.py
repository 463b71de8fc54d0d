"""Values that every layer shares: frozen dataclasses without I/O, and their versioned wire format."""
