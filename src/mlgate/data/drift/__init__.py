"""How far data moved, and whether that is more than chance and more than a trifle."""
