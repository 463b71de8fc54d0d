"""`iot-https project`: an Ansible project that the command, plays, AWX and Semaphore can work with.

`contents` says which files it has and what is in them, `writing` puts them there and replaces nothing.
"""
