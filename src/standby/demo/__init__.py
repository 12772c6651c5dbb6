"""A sample salon, played live on a database of the demo's own: appointments are cancelled and fill themselves.

playing.py   the whole evening: prepares everything, plays one of the two, takes everything down
place.py     where it runs: settings, port, sample files
database.py  a fresh database for one demo
salon.py     the sample salon, imported as a real one is
scene.py     what can be done in it: cancel, answer, explain
feed.py      what happens in the salon, whoever did it
story.py     PURE a happening, told in plain words
live.py      for the person at the keyboard
keys.py      single keys
once.py      one story that plays by itself
checks.py    what must be true when it has
terminal.py  how all of it looks
page.py      the salon's day, on the page of the demo's phones
"""

from standby.demo.playing import play

__all__ = ["play"]
