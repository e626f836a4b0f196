"""What is run by the clock: each room declares its tasks, one command runs those that are due."""
