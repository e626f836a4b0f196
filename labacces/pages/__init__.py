"""What the site says of itself: about, help, accessibility, legal notice, personal data."""
