"""What the chat understands and answers; the page only draws it."""
