"""What the text of a cell means: values, numbers, days, and the declaration of a layout.

What belongs here: what all platforms share. What does not: any platform's words (`platforms/`) and
how a file is opened (`files/`).
"""
