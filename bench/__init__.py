"""What the pipeline costs, beside a floor that does far less: `make bench`.

What belongs here: measuring, as ratios within one run. What does not: tests (none is timed), and
anything that the product needs.

- `__main__.py`: the run, and its report;
- `process.py`: one command's time and the memory of all its processes;
- `rivals.py`: the floor, and pandas;
- `layouts.py`: each layout's reader beside polars' own scan.
"""
