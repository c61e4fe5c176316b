"""What runs when: Prefect flows and everything that touches the world (files, tables, network, terminal)."""
