"""What is asked of the Internet: which addresses are public, and whether a page still answers."""
