"""The Proton backend, in the layout that moto expects of a service.

moto takes a service's name from the second part of a class's module path, so what moto files by
service lives in this package. How moto learns of it is said in ``moto_proton.bridge``.

Internal: no part of the public API.
"""
