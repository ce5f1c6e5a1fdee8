"""How flows and runs leave: as a link, a page, a picture, a text."""
