"""The Python peers: each module is one small service with `GET /products`, started by `bench.servers`."""
