"""The entries: everything that is known of a code, a module for each theme."""
