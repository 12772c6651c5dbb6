"""A salon's real book from CSV files: read and checked as a whole first, then written in one transaction.

command.py   the command: reads, reports, writes, sums up
reading.py   the files to a checked Book, in the order in which they refer to each other
tables.py    a file's bytes to records that know their lines
rows.py      one record to a row
cells.py     one cell's text to a value
times.py     one cell's text to a moment
names.py     which staff member or service a name means
people.py    which customer a phone number or an email address means
checking.py  what no row can see of itself: who does what, overlaps, limits
columns.py   the files and columns that there are, as data
reasons.py   why a row can't be imported, so that it can be said in another language
book.py      rows, problems, and what is known
imports.py   what is imported on a page: where it stands
running.py   a worker's part of it
known.py     what is known, from the database
writing.py   the checked Book to the database
"""
