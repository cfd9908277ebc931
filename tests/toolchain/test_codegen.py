"""Exceptions and bindings as they are generated from artifacts."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from stotoken import artifacts, bindgen, codegen
from stotoken.artifacts import Artifact
from stotoken.compiler import Project
from stotoken.errors import FAMILIES, InputError, LedgerError, Refused, StateError
from stotoken.types import encode_values

WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


def loaded(name: str, text: str, folder: Path) -> ModuleType:
    path = folder / f"{name}.py"
    path.write_text(text, "utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def all_artifacts(project: Project) -> list[Artifact]:
    paths = [path for path in sorted(project.artifacts.glob("*.json")) if path.name != artifacts.MANIFEST]
    return [artifacts.parse(path.read_text("utf-8")) for path in paths]


@pytest.fixture(scope="module")
def reverts(compiled: Project, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return loaded("shop_reverts", codegen.render_reverts(all_artifacts(compiled)), tmp_path_factory.mktemp("reverts"))


class Recorder:
    """Stands where a connection does: what was asked, and what to answer."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, ...]] = []

    def call(self, *asked: Any) -> bytes:
        self.asked.append(asked)
        return self.answer


@pytest.fixture(scope="module")
def bindings(compiled: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("bindings")
    files = bindgen.render(all_artifacts(compiled), ("Shop",))
    assert sorted(files) == [f"client/bindings/{name}.py" for name in ("__init__", "shop", "structs")]
    structs = loaded("shop_structs", files["client/bindings/structs.py"], folder)
    text = files["client/bindings/shop.py"].replace(
        "from stotoken.client.bindings import structs", "import shop_structs as structs"
    )
    module = loaded("shop_binding", text, folder)
    module.structs_module = structs  # type: ignore[attr-defined]
    yield module
    for name in ("shop_structs", "shop_binding"):
        del sys.modules[name]


def test_an_error_becomes_an_exception_of_its_family_with_typed_fields(reverts: ModuleType) -> None:
    error = reverts.ShopUnitsMissing(WALLET, 7, 5)
    assert isinstance(error, LedgerError)
    assert (error.wallet, error.units, error.free) == (WALLET, 7, 5)
    assert (error.clause, error.status, error.reason) == ("6.1.1.3", 0x52, "FREE_UNITS")
    assert error.signature == "ShopUnitsMissing(address,uint256,uint256)"
    assert error.message_en == f"{WALLET} asks for 7 units and has 5 free."
    assert error.message_ja == f"{WALLET} の請求 7 口に対し、可能数は 5 口です。"


def test_quotes_and_backslashes_of_the_prose_survive(reverts: ModuleType) -> None:
    assert isinstance(reverts.ShopClosed(), Refused)
    assert reverts.ShopClosed().message_en == 'Nothing to "sell" \\ today.'


def test_an_error_of_a_library_from_outside_is_a_state_error_with_a_plain_sentence(reverts: ModuleType) -> None:
    error = reverts.OwnableUnauthorizedAccount(WALLET)
    assert isinstance(error, StateError)
    assert error.account == WALLET
    assert WALLET in error.message_en
    assert error.message_ja


def test_errors_are_found_by_selector_and_read_from_revert_data(reverts: ModuleType) -> None:
    error = reverts.BY_SELECTOR[reverts.ShopClosed.selector].from_data(reverts.ShopClosed.selector)
    assert isinstance(error, reverts.ShopClosed)
    assert len(reverts.BY_SELECTOR) == 4


def described(artifact: Artifact, **changes: str) -> Artifact:
    """The artifact as another contract's, which describes ShopClosed in other words."""
    signature = "ShopClosed()"
    devdoc = {"errors": {signature: [{f"custom:{tag}": value for tag, value in changes.items() if tag != "notice"}]}}
    userdoc = {"errors": {signature: [{"notice": changes.get("notice", "Closed.")}]}}
    kept = [entry for entry in artifact.abi if entry.get("name") == "ShopClosed"]
    values = {slot: getattr(artifact, slot) for slot in artifact.__slots__}
    return Artifact(**values | {"name": "Other", "abi": kept, "devdoc": devdoc, "userdoc": userdoc})


def test_an_error_described_in_two_ways_is_refused(compiled: Project) -> None:
    found = all_artifacts(compiled)
    interface = next(artifact for artifact in found if artifact.name == "IShop")
    with pytest.raises(InputError, match=r"The error ShopClosed\(\) is described in two ways"):
        codegen.render_reverts([*found, described(interface, family="refused")])


def test_an_unknown_family_and_a_bad_status_byte_are_refused(compiled: Project) -> None:
    interface = next(artifact for artifact in all_artifacts(compiled) if artifact.name == "IShop")
    with pytest.raises(InputError, match=f"of family 'odd', which is not one of {', '.join(FAMILIES)}"):
        codegen.render_reverts([described(interface, family="odd")])
    with pytest.raises(InputError, match="The status '56' .* is not a byte such as 0x56"):
        codegen.render_reverts([described(interface, family="state", status="56")])


def test_a_change_of_state_is_prepared_and_not_sent(bindings: ModuleType) -> None:
    connection = Recorder(b"")
    call = bindings.Shop(connection, WALLET).sell(from_=WALLET, units=3)
    assert (call.to, call.signature) == (WALLET, "sell(address,uint256)")
    assert call.data[4:] == encode_values(("address", "uint256"), (WALLET, 3))
    assert connection.asked == []


def test_a_view_is_asked_at_the_block_and_for_the_sender_given(bindings: ModuleType) -> None:
    connection = Recorder((9).to_bytes(32, "big"))
    assert bindings.Shop(connection, WALLET).opened(block=12, sender=WALLET) == 9
    (asked,) = connection.asked
    assert (asked[0], asked[2], asked[3]) == (WALLET, 12, WALLET)


def test_structs_go_in_and_come_out_as_dataclasses(bindings: ModuleType) -> None:
    lot = bindings.structs_module.Lot(owner=WALLET, units=4, dates=(1, 2))
    encoded = bindings._LOTS.encode([lot.values()], lot.values())[4:]
    connection = Recorder(encoded_answer([lot.values()], 4))
    lots, total = bindings.Shop(connection, WALLET).lots([lot], lot)
    assert (lots, total) == ((lot,), 4)
    assert connection.asked[0][1][4:] == encoded


def encoded_answer(lots: list[tuple[Any, ...]], total: int) -> bytes:
    return encode_values(("(address,uint96,uint40[])[]", "uint256"), (lots, total))


def test_parameters_that_clash_with_the_methods_own_get_an_underscore(bindings: ModuleType) -> None:
    assert "sender_: int" in Path(str(bindings.__file__)).read_text("utf-8")


def test_a_payable_function_takes_wei(bindings: ModuleType) -> None:
    assert bindings.Shop(Recorder(b""), WALLET).pay(wei=5).value == 5


def test_docstrings_carry_signature_notice_clause_and_role(bindings: ModuleType) -> None:
    assert bindings.Shop.sell.__doc__ == ("`sell(address,uint256)` Sells `units` units. Clause 6.1.1.2. Role issuer.")


def function(name: str, *inputs: str) -> dict[str, Any]:
    typed = [dict(zip(("type", "name"), given.split(" "), strict=True)) for given in inputs]
    return {"type": "function", "name": name, "inputs": typed, "outputs": [], "stateMutability": "nonpayable"}


def test_overloads_are_told_apart_by_the_parameters_that_only_they_have() -> None:
    names = bindgen.method_names(
        [
            function("redeem", "uint256 units"),
            function("redeem", "uint256 units", "bytes data"),
            function("redeem", "address from", "uint256 units", "bytes data"),
            function("canTransfer", "address to", "uint256 value", "bytes data"),
            function("canTransfer", "address from", "address to", "uint256 amount"),
            function("address"),
        ]
    )
    assert names == {
        "redeem(uint256)": "redeem",
        "redeem(uint256,bytes)": "redeem_with_data",
        "redeem(address,uint256,bytes)": "redeem_with_from_data",
        "canTransfer(address,uint256,bytes)": "can_transfer",
        "canTransfer(address,address,uint256)": "can_transfer_between",
        "address()": "address_",
    }


def test_overloads_that_would_share_a_name_are_refused() -> None:
    with pytest.raises(InputError, match="Overloads need names of their own in stotoken/bindgen.py: f_with_x"):
        bindgen.method_names([function("f"), function("f", "uint8 x"), function("f", "bytes x")])
