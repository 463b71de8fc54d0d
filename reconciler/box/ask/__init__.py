"""What a box asks others: its database and www.odoo.com whether they answer, DNS servers for names."""
