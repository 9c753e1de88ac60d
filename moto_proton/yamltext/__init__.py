"""Reads YAML of others: one loop over the parser's events, and a builder for each kind of text.

PyYAML's own composer recurses (in C, without a limit), builds arbitrary types and copies what
aliases name. Here ``events`` gets events from the fastest parser there is, ``building`` goes
through them once, with bounds, and a builder says what becomes of them: what a tag means, what may
be a key, what it means that a key stands twice, whether aliases are allowed. Specs, schemas and
manifests, templates as they are registered and as they are deployed have builders where they are
read. Internal.
"""
