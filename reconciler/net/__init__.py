"""What a program says over a network, bounded in size and time: TLS, HTTP, DNS. It imports nothing of ours."""
