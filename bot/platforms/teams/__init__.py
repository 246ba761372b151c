"""Microsoft Teams: in and out, and nothing of it beyond this folder."""
