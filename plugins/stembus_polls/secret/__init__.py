"""The secret poll as it is held: its box and its board on the server, which can open no vote."""
