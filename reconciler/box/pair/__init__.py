"""The certificate pair: read as OpenSSL reads it, tried on a client, kept in generations."""
