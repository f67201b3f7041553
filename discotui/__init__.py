"""discotui: keep a Discogs record collection from the terminal."""

__version__ = "0.1.0"
