"""One way to ask the authority: once for each database where that is enough, few at a time, and not in vain.

`single_flight` (one box of a database asks, the others wait for its answer), `rate_limit` (how many ask at the same
time), `breaker` (a circuit breaker: after three questions in vain nobody waits for a fourth), `quorum` (two boxes must
say no before others believe it), `relay` (the control machine asks for its boxes). All of these decide without a clock
or a task of their own; `turns` puts them together, and `gate` is what a run goes through.
"""
