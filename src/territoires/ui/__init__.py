"""The interface: Streamlit pages. The only package that imports Streamlit."""
