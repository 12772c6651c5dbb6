"""`standby doctor`: looks at everything, says what is wrong and what to do about it.

examination.py   the whole report, in its order
findings.py      what one line of it is
surroundings.py  the settings, the clock, the login
keys.py          whether the sealing keys open what is sealed
promises.py      the database: what must never be, what failed for good
work.py          queues, workers, deadlines
channels.py      whether every provider answers
"""
