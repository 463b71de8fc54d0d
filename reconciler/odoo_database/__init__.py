"""A customer's Odoo database, by its external API: what it says of itself and of its boxes, judged as foreign text.

`settings` says where it is, `server` asks it within bounds, `api` finds its protocol, `reading` reads it, `entries`
makes hosts of its boxes, `kept` is what a cache may hold, `many` reads several at once. Nothing here knows Ansible.
"""
