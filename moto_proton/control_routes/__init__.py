"""How a test reaches a mock that is a server, beside Proton's API: one module for each route.

Internal: no part of the public API.
"""
