"""Public forms that protect themselves from robots and spam. All public forms extend those of this room."""
