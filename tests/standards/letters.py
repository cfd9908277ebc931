"""The interfaces as the texts of the standards declare them, without our names and without our compiler's output."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stotoken.chain.abi import Event, Function, Param
from stotoken.types import encode_values

#: One log as it is on the chain: topics and data.
Raw = tuple[tuple[bytes, ...], bytes]

DECLARATION = re.compile(r"(function|event|error) (\w+)\(([^)]*)\)([^;]*);")
WRITTEN_OUT = {"byte": "bytes1", "uint": "uint256"}


class Announcement(Event):
    """An event that says what its log must look like."""

    def log(self, *values: object) -> Raw:
        """Topics and data for values in declared order."""
        given = list(zip(self.inputs, values, strict=True))
        topics = (encode_values([param.type], [value]) for param, value in given if param.indexed)
        plain = [(param.type, value) for param, value in given if not param.indexed]
        return (self.topic, *topics), encode_values([kind for kind, _ in plain], [value for _, value in plain])


class Standard:
    """One interface: its name, its ERC-165 identifier as published, and the module that tests it."""

    def __init__(self, name: str, id: str, module: str, text: str) -> None:
        self.name, self.id, self.module = name, bytes.fromhex(id), module
        self.functions: dict[str, Function] = {}
        self.events: dict[str, Announcement] = {}
        self.errors: dict[str, str] = {}
        for kind, word, inputs, rest in DECLARATION.findall(" ".join(text.split())):
            params = list(_params(inputs))
            signature = f"{word}({','.join(param.type for param in params)})"
            if kind == "function":
                results = re.search(r"returns \(([^)]*)\)", rest)
                outputs = list(_params(results[1])) if results else []
                mutability = "view" if " view" in rest else "nonpayable"
                self.functions[signature] = Function(signature, params, outputs, mutability=mutability)
            elif kind == "event":
                self.events[word] = Announcement(signature, params)
            else:
                self.errors[word] = signature

    def __getattr__(self, name: str) -> Announcement:
        """An event by its name."""
        try:
            return self.events[name]
        except KeyError:
            raise AttributeError(name) from None


def _params(text: str) -> Iterator[Param]:
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        kind, *words = part.split()
        yield Param(words[-1] if words else "", WRITTEN_OUT.get(kind, kind), "indexed" in words)


ERC20 = Standard(
    "ERC-20",
    "36372b07",
    "test_erc20",
    """
    function totalSupply() public view returns (uint256);
    function balanceOf(address _owner) public view returns (uint256 balance);
    function transfer(address _to, uint256 _value) public returns (bool success);
    function transferFrom(address _from, address _to, uint256 _value) public returns (bool success);
    function approve(address _spender, uint256 _value) public returns (bool success);
    function allowance(address _owner, address _spender) public view returns (uint256 remaining);
    event Transfer(address indexed _from, address indexed _to, uint256 _value);
    event Approval(address indexed _owner, address indexed _spender, uint256 _value);
    """,
)

METADATA = Standard(
    "ERC-20 metadata",
    "a219a025",
    "test_erc20",
    """
    function name() public view returns (string);
    function symbol() public view returns (string);
    function decimals() public view returns (uint8);
    """,
)

ERC165 = Standard(
    "ERC-165",
    "01ffc9a7",
    "test_erc165",
    "function supportsInterface(bytes4 interfaceID) external view returns (bool);",
)

#: Without `balanceOf` and `totalSupply`, which are those of ERC-20.
ERC1410 = Standard(
    "ERC-1410",
    "8d32701d",
    "test_erc1410",
    """
    function balanceOfByPartition(bytes32 _partition, address _tokenHolder) external view returns (uint256);
    function partitionsOf(address _tokenHolder) external view returns (bytes32[]);
    function transferByPartition(bytes32 _partition, address _to, uint256 _value, bytes _data)
        external returns (bytes32);
    function operatorTransferByPartition(bytes32 _partition, address _from, address _to, uint256 _value, bytes _data,
        bytes _operatorData) external returns (bytes32);
    function canTransferByPartition(address _from, address _to, bytes32 _partition, uint256 _value, bytes _data)
        external view returns (byte, bytes32, bytes32);
    function isOperator(address _operator, address _tokenHolder) external view returns (bool);
    function isOperatorForPartition(bytes32 _partition, address _operator, address _tokenHolder)
        external view returns (bool);
    function authorizeOperator(address _operator) external;
    function revokeOperator(address _operator) external;
    function authorizeOperatorByPartition(bytes32 _partition, address _operator) external;
    function revokeOperatorByPartition(bytes32 _partition, address _operator) external;
    function issueByPartition(bytes32 _partition, address _tokenHolder, uint256 _value, bytes _data) external;
    function redeemByPartition(bytes32 _partition, uint256 _value, bytes _data) external;
    function operatorRedeemByPartition(bytes32 _partition, address _tokenHolder, uint256 _value, bytes _operatorData)
        external;
    event TransferByPartition(bytes32 indexed _fromPartition, address _operator, address indexed _from,
        address indexed _to, uint256 _value, bytes _data, bytes _operatorData);
    event AuthorizedOperator(address indexed operator, address indexed tokenHolder);
    event RevokedOperator(address indexed operator, address indexed tokenHolder);
    event AuthorizedOperatorByPartition(bytes32 indexed partition, address indexed operator,
        address indexed tokenHolder);
    event RevokedOperatorByPartition(bytes32 indexed partition, address indexed operator, address indexed tokenHolder);
    event IssuedByPartition(bytes32 indexed partition, address indexed operator, address indexed to, uint256 amount,
        bytes data, bytes operatorData);
    event RedeemedByPartition(bytes32 indexed partition, address indexed operator, address indexed from,
        uint256 amount, bytes operatorData);
    """,
)

ERC1594 = Standard(
    "ERC-1594",
    "27cac147",
    "test_erc1594",
    """
    function transferWithData(address _to, uint256 _value, bytes _data) external;
    function transferFromWithData(address _from, address _to, uint256 _value, bytes _data) external;
    function isIssuable() external view returns (bool);
    function issue(address _tokenHolder, uint256 _value, bytes _data) external;
    function redeem(uint256 _value, bytes _data) external;
    function redeemFrom(address _tokenHolder, uint256 _value, bytes _data) external;
    function canTransfer(address _to, uint256 _value, bytes _data) external view returns (byte, bytes32);
    function canTransferFrom(address _from, address _to, uint256 _value, bytes _data)
        external view returns (byte, bytes32);
    event Issued(address indexed _operator, address indexed _to, uint256 _value, bytes _data);
    event Redeemed(address indexed _operator, address indexed _from, uint256 _value, bytes _data);
    """,
)

ERC1643 = Standard(
    "ERC-1643",
    "ecfecec8",
    "test_erc1643",
    """
    function getDocument(bytes32 _name) external view returns (string, bytes32, uint256);
    function setDocument(bytes32 _name, string _uri, bytes32 _documentHash) external;
    function removeDocument(bytes32 _name) external;
    function getAllDocuments() external view returns (bytes32[]);
    event DocumentRemoved(bytes32 indexed _name, string _uri, bytes32 _documentHash);
    event DocumentUpdated(bytes32 indexed _name, string _uri, bytes32 _documentHash);
    """,
)

ERC1644 = Standard(
    "ERC-1644",
    "953cc54c",
    "test_erc1644",
    """
    function isControllable() external view returns (bool);
    function controllerTransfer(address _from, address _to, uint256 _value, bytes _data, bytes _operatorData)
        external;
    function controllerRedeem(address _tokenHolder, uint256 _value, bytes _data, bytes _operatorData) external;
    event ControllerTransfer(address _controller, address indexed _from, address indexed _to, uint256 _value,
        bytes _data, bytes _operatorData);
    event ControllerRedemption(address _controller, address indexed _tokenHolder, uint256 _value, bytes _data,
        bytes _operatorData);
    """,
)

ERC2612 = Standard(
    "ERC-2612",
    "9d8ff7da",
    "test_erc2612",
    """
    function permit(address owner, address spender, uint value, uint deadline, uint8 v, bytes32 r, bytes32 s) external;
    function nonces(address owner) external view returns (uint);
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    """,
)

ERC5267 = Standard(
    "ERC-5267",
    "84b0196e",
    "test_erc2612",
    """
    function eip712Domain() external view returns (bytes1 fields, string name, string version, uint256 chainId,
        address verifyingContract, bytes32 salt, uint256[] extensions);
    """,
)

#: Declares no functions; its errors are those of ERC-20.
ERC6093 = Standard(
    "ERC-6093",
    "00000000",
    "test_erc20",
    """
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error ERC20InvalidSender(address sender);
    error ERC20InvalidReceiver(address receiver);
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    error ERC20InvalidApprover(address approver);
    error ERC20InvalidSpender(address spender);
    """,
)

ERC7943 = Standard(
    "ERC-7943",
    "3edbb4c4",
    "test_erc7943",
    """
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);
    event Frozen(address indexed account, uint256 amount);
    error ERC7943CannotSend(address account);
    error ERC7943CannotReceive(address account);
    error ERC7943CannotTransfer(address from, address to, uint256 amount);
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool result);
    function setFrozenTokens(address account, uint256 amount) external returns (bool result);
    function canSend(address account) external view returns (bool allowed);
    function canReceive(address account) external view returns (bool allowed);
    function getFrozenTokens(address account) external view returns (uint256 amount);
    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed);
    """,
)

STANDARDS = {
    each.name: each
    for each in (ERC20, METADATA, ERC165, ERC1410, ERC1594, ERC1643, ERC1644, ERC2612, ERC5267, ERC6093, ERC7943)
}
#: Those that are sets of functions, which alone ERC-165 can speak of.
CLAIMED = {name: each for name, each in STANDARDS.items() if each.functions}
