"""Hostile input: what is fed to moto_proton, how it is made, and what may come of it.

``python -m scripts.fuzz --seconds 60 --seed 1`` runs it; the corpus in ``tests/fuzz/corpus`` is
what it starts from, and is replayed by ``tests/fuzz``. Every input follows from the seed and its
number, so a finding can be made again. What counts as a finding: an exception that is no refusal,
more than five seconds for one input, and whatever a target asserts of its answers.
"""
