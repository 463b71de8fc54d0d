"""Sentences that several codes share: what may be seen somewhere, whatever comes of it."""
