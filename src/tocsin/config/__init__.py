"""Assembly of a site: its TOML file read strictly, its adapters found by entry point, its description in words."""
