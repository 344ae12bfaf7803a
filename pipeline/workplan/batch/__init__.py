"""Many files through the road, on all cores, so that nothing done is lost and no file stops others.

`read_one` is the road for one file. `extract` runs it over many in worker processes, keeps what
is done in shards, and merges these into the outputs in the order of the input.
"""
