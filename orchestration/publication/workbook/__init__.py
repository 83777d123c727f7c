"""What people read of an edition: the workbook in two languages, and tables as CSV.

    tables.py    the month's tables with names and ranges, as people read them
    sheets.py    the sheets of rankings, posts, coverage and so on
    guide.py     the sheets of words: the summary, how it is reckoned, what each column means
    book.py      which sheets the workbook has, in which order
    people.py    the files of the folder `people/`
    page.py      how a sheet looks on screen and on paper

What belongs here: which columns a reader sees, in which order and form. What does not: any number
that the warehouse has not computed, and the words for codes (`labels.py`).
"""
