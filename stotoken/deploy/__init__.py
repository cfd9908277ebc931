"""Deployment of a system: a plan that is printed, applied, resumed and recorded per chain id.

plan = Plan.make(connection, sender.address, parse_roles({"SYS_ADMIN": ["0x…"], "COMPLIANCE": ["0x…"], …}))
print(plan.text(connection.nonce(sender.address)))
deployment = apply(plan, sender, "deployments")     deployments/<chain id>.json
"""

from stotoken.client.deployment import Deployment
from stotoken.deploy.apply import apply
from stotoken.deploy.plan import Plan, Step, create_address
from stotoken.deploy.verify import verify
from stotoken.governance.file import parse_roles
from stotoken.governance.matrix import CONTRACTS, EVERY_TOKEN, Matrix, MatrixRow, mask, roles_in

__all__ = [
    "CONTRACTS",
    "EVERY_TOKEN",
    "Deployment",
    "Matrix",
    "MatrixRow",
    "Plan",
    "Step",
    "apply",
    "create_address",
    "mask",
    "parse_roles",
    "roles_in",
    "verify",
]
