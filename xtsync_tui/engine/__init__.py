"""The provisioning engine: pure rules of the Entra provisioning service, values in, values out.

It has no clock, no input or output and no randomness of its own: the callers pass them in.
"""
