"""The typed client: one class per contract, one method per act.

deployment = Deployment.load("deployments/1337.json")
system = System(deployment, sender)                  or a Connection, for asking only
token = system.token("ZZ0000AOBB10")
token.transfer(to, 100)                              Moved(…), or a typed Refused
orders = Orders(deployment, sender)
orders.propose(token.issue(to, 100), document_hash, deadline)
"""

from stotoken.client.act import Act
from stotoken.client.authority import Authority
from stotoken.client.deployment import Deployment
from stotoken.client.orders import Orders
from stotoken.client.standing import Standing, standing_row
from stotoken.client.system import System
from stotoken.client.token import Token, terms_from

__all__ = [
    "Act",
    "Authority",
    "Deployment",
    "Orders",
    "Standing",
    "System",
    "Token",
    "standing_row",
    "terms_from",
]
