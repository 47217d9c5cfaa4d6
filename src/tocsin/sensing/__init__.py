"""What a sensor can see; shared by tracking, identity, planning and evaluation."""
