"""One way from a file's bytes to typed rows: open (`recognise.open_export`), judge, count.

What belongs here: what is the same for every layout. What does not: forms and encodings (`files/`),
what a cell means (`fields/`), any platform's words (`platforms/`), and the disk.
"""
