"""What a flow is."""
