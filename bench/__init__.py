"""Measures this system beside its peers, on one machine, and writes down honestly what came out: `make bench`.

`roster` names the trials: a server to start and the tokens to send to it. `rounds` lets them take turns: servers on one
core, the load generator on another. `micro` times what happens inside one process. `aims` compares both with what the
project promised, and `report` and `plot` write `RESULTS.md` and `results.svg`.

The peers stand in `peers` (Python) and `node` (JavaScript), each written as its own documentation advises. They share
`products.json` and one key, answer with the same bytes, and never import anything of ours but `peers.answer` and
`peers.trust`. Everything stays on the loopback interface, and nothing that was started outlives the run.
"""
