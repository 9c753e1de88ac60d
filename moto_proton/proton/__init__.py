"""The Proton backend, in the layout that moto expects of a service.

moto takes a service's name from the second part of a class's module path, so the classes that moto
finds by service are in this package. ``moto_proton.bridge`` registers it with moto.

Internal: no part of the public API.
"""
