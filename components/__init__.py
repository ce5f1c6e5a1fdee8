"""The screen: everything that is Streamlit."""
