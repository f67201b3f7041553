"""The screen: Textual only; no HTTP, no SQL."""
