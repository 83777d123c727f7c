"""The log: what a home received and published, in an order that can't be rewritten unseen.

What belongs here: the append-only tree of `published/log/`, what is logged, receipts, the program
of the witnesses and what an edition is held to. What does not: anything that decides a number; the
log follows the ledger and the editions, and nothing follows from it.

    published/log/checkpoint                        the head: name, size and root
    published/log/leaves/<from>-<to>.jsonl          what was appended at once, a line each
    published/<month>/<edition_id>.receipt.json     an edition's place in the log
"""
