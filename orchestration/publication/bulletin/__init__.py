"""The bulletin: what an edition tells the offices, and the pages that are made from it.

What belongs here: all that is told, worded in both languages (`contents.py` and the rooms that it
names), and pages, HTML and pictures made from that document alone. What does not: any number that
the warehouse has not computed, but order statistics and counts of an edition's own rows.
"""
