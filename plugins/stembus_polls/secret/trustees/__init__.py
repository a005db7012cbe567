"""The trustees of a secret poll on the server: it carries what they send, checks it, and holds no key."""
