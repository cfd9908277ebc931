"""A signing policy, a custody file and the customer ledger that belongs to it; nobody has a key of these wallets."""

from __future__ import annotations

from scripts.example_terms import wallet

TOKEN, ORDERS = wallet("example token"), wallet("example orders")
HOT, COLD, OWN = (wallet(f"{name} wallet") for name in ("hot", "cold", "own"))
DESKS = {name: wallet(name) for name in ("desk-1", "desk-2", "compliance-1")}
LEDGER_HEADER = "customer,wallet,token,partition,units"

POLICY = f"""# What a key may sign: stotoken ... --policy policy.toml --signing-log signing.jsonl
chains = [31337]
days = ["mon", "tue", "wed", "thu", "fri"]   # Japan time
hours = "08:30-18:00"
holidays = [2027-01-01, 2027-01-11]
most_fee = 10_000_000_000_000_000            # wei that the gas of one act may cost

[[allow]]
contract = "{TOKEN}"                         # a token
functions = ["distribute", "transferByPartition"]
units_per_act = 10_000
units_per_day = 50_000                       # counted from the signing log

[[allow]]
contract = "{ORDERS}"                        # the queue of orders
functions = ["propose:issueByPartition", "execute:issueByPartition"]
targets = ["{TOKEN}"]
units_per_act = 100_000
"""

CUSTODY = """# How each wallet is kept: stotoken ... --signer custody:custody.toml#WALLET
chains = [31337]
state = "state"              # beside this file: signing log, approvals, freezes
most_fee = 10_000_000_000_000_000   # wei that the gas of one act may cost

[tiers.hot]
units_per_act = 1_000        # of one token
units_per_day = 5_000        # from midnight to midnight in Japan

[tiers.cold]
units_per_day = 100_000
approvals = 2                # people who say yes before the key is asked

""" + "\n".join(
    [
        *(f'[[approver]]\nname = "{name}"\naddress = "{address}"\n' for name, address in DESKS.items()),
        f"""[[wallet]]
address = "{HOT}"
owner = "customer"
omnibus = true               # of several customers; on chain it has the class CUSTODY
tier = "hot"
signer = "web3signer:https://signer.example:9000#{HOT}"
withdraw_to = ["{COLD}", "{wallet("transfer agent")}"]
""",
        f"""[[wallet]]
address = "{COLD}"
owner = "customer"
omnibus = true
tier = "cold"
signer = "offline:requests#{COLD}"
""",
        f"""[[wallet]]
address = "{OWN}"
owner = "own"                # the firm's, under an investor id of its own
tier = "hot"
signer = "awskms:alias/own#{OWN}"
units_per_act = 200
""",
    ]
)

LEDGER = (
    f"C-000101,{HOT},JP0000000001,default,120",
    f"C-000102,{HOT},JP0000000001,default,80",
    f"C-000102,{COLD},JP0000000001,default,500",
    f"C-000103,{COLD},JP0000000001,class-a,40",
)
