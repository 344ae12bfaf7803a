"""Speed and memory, measured: labellers and the extraction engine, each in fresh processes.

Nothing on the road imports this package. `workplan bench` prints what it measures.
"""
