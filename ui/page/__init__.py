"""The page in the browser: what of it knows streamlit. What is said and answered there is decided in `ui.chat`."""
