"""Who signs in: sessions, links in mails, codes in letters, passkeys, and their limits."""
