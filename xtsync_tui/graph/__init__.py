"""The only door to Microsoft Graph: one client for each tenant, one module for each area.

Reads are coroutines that take the client. Writes are pure functions that return the ``Request``, so that it
can be shown before it is sent with ``GraphClient.send``.
"""
