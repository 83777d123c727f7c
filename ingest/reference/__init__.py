"""The files that people write: the registry and the policies.

What belongs here: reading them, holding them to their rules and reporting every mistake with its
line. What does not: whose post a row is and what it is worth, which the warehouse decides.
"""
