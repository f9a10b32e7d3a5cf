"""Networks in and out: what people upload, what that would change, what they take home."""
