"""A machine as one Protocol, what is decided over it alone, and the real one in `posix`."""
