"""The fuzzer: hostile input for moto_proton, how it is made, and which results are allowed.

``python -m scripts.fuzz --seconds 60 --seed 1`` runs it; the corpus in ``tests/fuzz/corpus`` is
what it starts from, and is replayed by ``tests/fuzz``. Every input follows from the seed and its
number, so a finding can be made again. A finding is an exception that is not a refusal, more than
five seconds for one input, or a failed assertion of a target about its answers.
"""
