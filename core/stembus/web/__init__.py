"""The pages: what the browser meets."""
