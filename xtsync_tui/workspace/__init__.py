"""One source and one target tenant: everything that a screen or a command may ask and do.

``Workspace`` in ``pair`` is the way in. Every write goes through ``writing`` and is kept in ``journal``.
"""
