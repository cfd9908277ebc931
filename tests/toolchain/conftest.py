"""A small project of its own for the compiler to work on, so that these tests hold whatever the contracts are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stotoken import compiler
from stotoken.compiler import Project

SOURCES = {
    "types/Lot.sol": """
        struct Lot { address owner; uint96 units; uint40[] dates; }
    """,
    "interfaces/IShop.sol": """
        interface IShop {
            /// @notice {wallet} asks for {units} units and has {free} free.
            /// @custom:ja {wallet} の請求 {units} 口に対し、可能数は {free} 口です。
            /// @custom:clause 6.1.1.3
            /// @custom:family ledger
            /// @custom:status 0x52
            /// @custom:reason FREE_UNITS
            error ShopUnitsMissing(address wallet, uint256 units, uint256 free);

            /// @notice Nothing to "sell" \\ today.
            /// @custom:ja 本日の販売はありません。
            /// @custom:clause 6.1.1.11
            /// @custom:family refused
            error ShopClosed();

            /// @notice Sells `units` units.
            /// @custom:clause 6.1.1.2
            /// @custom:role issuer
            function sell(address from, uint256 units) external;
        }
    """,
    "Arithmetic.sol": """
        library Arithmetic {
            function twice(uint256 a) external pure returns (uint256) { return 2 * a; }
        }
    """,
    "Shop.sol": """
        import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
        import {Arithmetic} from "./Arithmetic.sol";
        import {IShop} from "./interfaces/IShop.sol";
        import {Lot} from "./types/Lot.sol";
        contract Shop is IShop, Ownable {
            struct Shelf { Lot lot; IShop next; }
            uint256 public immutable opened;
            mapping(uint256 => Shelf) private _shelves;
            constructor() Ownable(msg.sender) { opened = block.timestamp; }
            /// @inheritdoc IShop
            function sell(address from, uint256 units) external {
                if (units == 0) revert ShopClosed();
                if (Arithmetic.twice(units) > 10) revert ShopUnitsMissing(from, units, 5);
                _shelves[units].lot.owner = from;
            }
            function canSell(address from, uint256 units) external view returns (bool) {
                return from != owner() && units < 6;
            }
            function canSell(uint256 units, bytes calldata data) external pure returns (bool) {
                return units < 6 && data.length == 0;
            }
            function lots(Lot[] calldata given, Lot calldata one) external pure returns (Lot[] memory, uint256) {
                return (given, one.units);
            }
            function lot(uint256 sender) external view returns (Lot memory) { return _shelves[sender].lot; }
            function pay() external payable {}
        }
    """,
}


def write_sources(root: Path, sources: dict[str, str]) -> None:
    for name, text in sources.items():
        path = root / "contracts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n{text}", "utf-8")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project compiled once; not to be changed."""
    root = tmp_path_factory.mktemp("shop")
    write_sources(root, SOURCES)
    project = Project(root=root, package=root / "package")
    assert compiler.compile(project=project).compiled
    return project


@pytest.fixture
def project(compiled: Project, tmp_path: Path) -> Project:
    """A copy to change."""
    shutil.copytree(compiled.root, tmp_path / "copy")
    return Project(root=tmp_path / "copy", package=tmp_path / "copy" / "package")
