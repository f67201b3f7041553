"""A stateful stand-in for Discogs' collection API, served from memory."""
