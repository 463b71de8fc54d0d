"""Stand-ins for everything around an IoT box: the authority, the databases, and simulated boxes."""
