"""Ballot papers, from the printer to two typings that agree: handing out, accounting, numbering, typing, ruling."""
