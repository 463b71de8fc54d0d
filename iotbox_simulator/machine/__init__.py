"""A whole IoT box in memory: disk, ramdisks, services, network and time, without a process or a socket.

The box program runs against it in the same process, so that a test can have thousands of boxes, kill the program
between any two calls, and cut the power with nothing on the disk but what was synced.
"""
