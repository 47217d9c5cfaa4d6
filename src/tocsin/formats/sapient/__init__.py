"""SAPIENT, BSI Flex 335: frames on the wire, messages, and what makes a message valid."""
