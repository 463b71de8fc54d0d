"""The programs of a box that the pair concerns: nginx, and Odoo with its log, pages and manager."""
