"""What the role's action plugins do on the control machine: the arguments of a task in, its result out.

Nothing of it runs on a box: there the module calls `reply` of `box.__main__`, which is what the command sends, too. Nor
does it start a run as the engine does: Ansible itself goes from box to box. `task.carry_out` is the way in.
"""
