"""Remote ID: what drones say of themselves by Wi-Fi and Bluetooth, as receivers and captures give it."""
