"""Microsoft Graph for two made-up tenants: the same paths, statuses, shapes and refusals, without a network.

``Emulator`` in ``app`` is the way in. The facts behind it are Microsoft's published documentation; where that
is silent, the choice is kept in one named place and its comment says "Not documented".
"""
