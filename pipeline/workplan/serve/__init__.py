"""The workbench: a local web page on which plans are read, corrected, reviewed and exported.

`server` starts it, `app` says which address answers what, `workbench` does the work: `reader`
takes uploads down the road in worker processes, `store` keeps plans and corrections in SQLite,
`corrected` lays the corrections over what was read, `gold` hands corrected spans to training.
"""
