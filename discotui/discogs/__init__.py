"""The HTTP boundary: the only package that talks to Discogs. It knows neither the screen nor the database."""
