"""What the product knows: how services say no, as data, and the engine that reads logs with it."""
