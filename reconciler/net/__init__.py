"""Clients for TLS, HTTP and DNS, bounded in size and time. They import no other room."""
