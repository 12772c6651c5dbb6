"""A salon's real book from CSV files: read and checked as a whole first, then written in one transaction.

book.py      what is read and what is known: frozen rows, and the problems found
columns.py   the files and columns that there are, as data
tables.py    a file's bytes, to records with their line numbers
cells.py     one cell's text, to a value
times.py     one cell's text, to a moment
rows.py      one record, to a row
people.py    who a phone number or an email address means
checking.py  what no row can see of itself: who does what, overlaps, limits
reading.py   all of that in order: files to a Book. Writes nothing and reads no clock
known.py     what the database knows already
writing.py   a checked Book, to the database
"""
