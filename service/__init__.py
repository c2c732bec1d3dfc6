"""How people reach the rules: HTTP, storage, command line. Holds no medical fact."""
