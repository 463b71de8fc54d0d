"""The real machine: files by descriptor, programs, processes, mounts, the lock."""
