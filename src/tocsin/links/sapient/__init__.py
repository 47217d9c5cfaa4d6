"""SAPIENT: edge nodes served, a middleware joined, and a fusion node fed."""
