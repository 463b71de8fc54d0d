"""`iot-https project`: an Ansible project that the command, plays, AWX and Semaphore can work with.

`inventory` says which inventory it begins with, which `iot-https inventory init` writes, too; `contents` says which
files it has and what is in them, and `writing` puts them there and replaces nothing.
"""
