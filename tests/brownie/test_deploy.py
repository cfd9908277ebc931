"""What the script deploys is the system of the plan, and its code is what Brownie compiles."""

import json
import re
from pathlib import Path

import brownie

from stotoken.artifacts import load
from stotoken.deploy.plan import CREATED

BUILD = Path(__file__).resolve().parents[2] / "build" / "contracts"


def without_metadata(code):
    """Runtime code, zeros where libraries belong, without the compiler's note at its end."""
    zeros = re.sub(r"_{1,}[^_]*_{1,}", lambda marker: "0" * len(marker[0]), code.removeprefix("0x"))
    return zeros[: -2 * (int(zeros[-4:], 16) + 2)]


def test_every_contract_of_the_plan_is_deployed(deployment):
    assert set(deployment.addresses) == set(CREATED)
    assert all(brownie.web3.eth.get_code(address) for address in deployment.addresses.values())


def test_brownie_compiles_what_the_package_deploys():
    for name in CREATED:
        compiled = json.loads((BUILD / f"{name}.json").read_text("utf-8"))["deployedBytecode"]
        shipped = load(name).deployed_bytecode
        assert without_metadata(compiled) == without_metadata(shipped), f"{name}: run `stotoken compile`"


def test_the_deployer_can_do_nothing_any_more(deployment, system, people):
    with brownie.reverts(revert_pattern=f"AccessRefused: {people.deployer.address.lower()}, .*"):
        system.freezeWallet(people.alice, {"from": people.deployer})
