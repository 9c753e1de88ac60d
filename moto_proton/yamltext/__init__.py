"""Reads untrusted YAML: one loop over the parser's events, and a builder for each kind of text.

PyYAML's own composer recurses in C without a limit, and does not bound what aliases stand for. Here
``events`` gets the events from the fastest parser that is installed, and ``building`` goes through
them once, within limits. A builder makes the values: it says what a tag means, what may be a key,
what happens to a duplicate key, and whether aliases are allowed. The builders of specs, of schemas
and manifests, and of templates are in the modules that read these texts. Internal.
"""
