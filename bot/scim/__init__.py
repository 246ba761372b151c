"""A company's directory at the door: SCIM 2.0 over HTTP, for users only."""
