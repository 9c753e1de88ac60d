"""What tests of several folders need: clients that are kept, worlds, refusals, statuses that stay.

``clients`` and ``refusals`` hold the functions, ``worlds`` a seed that makes a world once for all
tests of a process; the fixtures are in the ``conftest`` of each folder.
"""
