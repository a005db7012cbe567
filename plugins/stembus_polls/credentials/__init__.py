"""The credential authority: makes and sends voters' credentials on a machine of its own, and needs no instance.

The server gives it a commission and the roll, and gets back public keys. What is secret never goes the other way.
"""
