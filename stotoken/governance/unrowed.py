"""The functions that change something and stand in no row, and whose they are; every other one needs a row."""

from __future__ import annotations

from collections.abc import Iterator

from stotoken.chain.abi import Function
from stotoken.client.events import KNOWN, abi_of
from stotoken.governance.matrix import CONTRACTS, Matrix

#: Functions that belong to holders, their spenders and operators: anybody may call them, the rules decide.
HOLDERS = {
    f"SecurityToken.{signature}"
    for signature in (
        "approve(address,uint256)",
        "authorizeOperator(address)",
        "authorizeOperatorByPartition(bytes32,address)",
        "batchTransfer(bytes32,address[],uint256[])",
        "cancelTransferRequest(uint256)",
        "operatorRedeemByPartition(bytes32,address,uint256,bytes)",
        "operatorTransferByPartition(bytes32,address,address,uint256,bytes,bytes)",
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
        "redeem(uint256,bytes)",
        "redeemByPartition(bytes32,uint256,bytes)",
        "redeemFrom(address,uint256,bytes)",
        "requestTransfer(bytes32,address,uint256,uint40)",
        "revokeOperator(address)",
        "revokeOperatorByPartition(bytes32,address)",
        "transfer(address,uint256)",
        "transferByPartition(bytes32,address,uint256,bytes)",
        "transferFrom(address,address,uint256)",
        "transferFromWithData(address,address,uint256,bytes)",
        "transferWithData(address,uint256,bytes)",
    )
}
#: The queue: who may do what with an order is said by the row of its act.
QUEUE = {
    "Orders.propose(address,bytes,uint8,bytes32,uint40)",
    "Orders.approve(uint256,bytes32)",
    "Orders.execute(uint256,address,bytes)",
    "Orders.veto(uint256)",
}
#: What anybody may call because it gives nobody anything: one's own role is laid down; relayed calls are judged anew.
OWN = {"Authority.renounceRole(uint64,address)", "Authority.multicall(bytes[])"}
#: What nobody at all may call once the system is set up, and the error that says so.
CLOSED = {
    "Authority.cancel(address,address,bytes)": "AccessManagerNotScheduled",
    "Authority.consumeScheduledOp(address,bytes)": "UnknownRevert",
    "Authority.enrol(address)": "AccessManagerUnauthorizedAccount",
    "Authority.execute(address,bytes)": "AccessManagerUnauthorizedCall",
    "Authority.labelRole(uint64,string)": "AccessManagerUnauthorizedAccount",
    "Authority.schedule(address,bytes,uint48)": "AccessManagerUnauthorizedCall",
    "Authority.setGrantDelay(uint64,uint32)": "AccessManagerUnauthorizedAccount",
    "Authority.setRoleAdmin(uint64,uint64)": "AccessManagerUnauthorizedAccount",
    "Authority.setRoleGuardian(uint64,uint64)": "AccessManagerUnauthorizedAccount",
    "Authority.setTargetAdminDelay(address,uint32)": "AccessManagerUnauthorizedAccount",
    "Authority.setTargetClosed(address,bool)": "AccessManagerUnauthorizedAccount",
    "Authority.setTargetFunctionRole(address,bytes4[],uint64)": "AccessManagerUnauthorizedAccount",
    "Authority.updateAuthority(address,address)": "AccessManagerUnauthorizedAccount",
    "CoreSystem.setAuthority(address)": "AccessManagedUnauthorized",
    "SecurityToken.initialize((string,string,uint8,uint8,uint8,bytes12,bytes3,uint96,uint96,uint40,uint40,uint16,"
    "uint24,bool,bool,bool,address,bytes32[]))": "AccessRefused",
}
#: All of them, as `Contract.signature`.
UNROWED = HOLDERS | QUEUE | OWN | CLOSED.keys()


def state_changing() -> dict[str, Function]:
    """Every function of every contract that may change anything, as `Contract.signature`."""
    return {
        f"{contract}.{function.signature}": function
        for contract in KNOWN
        for function in abi_of(contract).functions.values()
        if not function.is_view
    }


def without_row(matrix: Matrix) -> Iterator[str]:
    """Functions that nobody would govern: no row, and not listed here; as `section.signature`."""
    sections = {contract: section for section, contract in CONTRACTS.items()}
    rows = {f"{CONTRACTS[row.contract]}.{row.signature}" for row in matrix}
    for name in sorted(state_changing().keys() - UNROWED - rows):
        contract, _, signature = name.partition(".")
        yield f"{sections.get(contract, contract)}.{signature}"


def idle_rows(matrix: Matrix) -> Iterator[str]:
    """Rows of functions that ask for none, so that the row would govern nothing; as `section.signature`."""
    for row in matrix:
        if f"{CONTRACTS[row.contract]}.{row.signature}" in UNROWED:
            yield f"{row.contract}.{row.signature}"
