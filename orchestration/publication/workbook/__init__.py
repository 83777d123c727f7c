"""What people read of an edition: the workbook in two languages, and tables as CSV.

    book.py         which sheets the workbook has, in which order
    guide.py        the sheets of words: summary, methods, what each column means
    standings.py    the sheets of ranks
    records.py      the sheets of coverage, posts and objections
    bulletin.py     what all sheets are made of
    people.py       the files of the folder `people/`
    tables.py       the month's tables with names, ranges and links, for both
    page.py         how a sheet looks on screen and on paper
    measure.py      how much room a text takes

What belongs here: which columns a reader sees, in which order and form. What does not: any number
that the warehouse has not computed, and the words for codes (`labels.py`).
"""
