"""From extractions to the files that people and programs open.

JSON lines hold everything and read back equal; the table is the flat view that spreadsheet, csv
and parquet share; the report and the calendar are for eyes. Every writer takes one extraction at
a time, so that memory stays flat however many plans there are.
"""
