"""The collection here ⇄ the collection at Discogs: one thread reads, one thread writes. No Textual."""
