"""The DNS servers that a box asks: who writes them down, what they are, whether they work."""
