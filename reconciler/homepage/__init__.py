"""One box's pages as a client: a session bounded in size and time, what each generation calls things, its answers."""
