"""What the errors of the libraries under the contracts mean here: their own sources say nothing of it."""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """The same that an error of our own says in its declaration."""

    family: str
    clause: str
    en: str
    ja: str


#: The rights of the system, the issue of a token, the transfer of units.
_RIGHTS, _ISSUE, _TRANSFER = "6.2.3", "6.1.1.1", "6.1.1.3"

#: By full signature.
MEANINGS = {
    "AccessManagedInvalidAuthority(address)": Meaning(
        "state", _RIGHTS, "{authority} cannot be an authority.", "{authority} は権限管理者になれません。"
    ),
    "AccessManagedRequiredDelay(address,uint32)": Meaning(
        "state",
        _RIGHTS,
        "{caller} may do this only {delay} seconds after announcing it.",
        "{caller} がこれを行えるのは予告の {delay} 秒後です。",
    ),
    "AccessManagedUnauthorized(address)": Meaning(
        "unauthorized", _RIGHTS, "{caller} may not do this.", "{caller} にはこの操作の権限がありません。"
    ),
    "AccessManagerAlreadyScheduled(bytes32)": Meaning(
        "state", _RIGHTS, "Operation {operationId} is announced already.", "操作 {operationId} は予告済みです。"
    ),
    "AccessManagerBadConfirmation()": Meaning(
        "state",
        _RIGHTS,
        "Only its own address confirms that a role is given up.",
        "役割の返上は、本人のアドレスによる確認が必要です。",
    ),
    "AccessManagerExpired(bytes32)": Meaning(
        "state", _RIGHTS, "Operation {operationId} was not done in time.", "操作 {operationId} は期限切れです。"
    ),
    "AccessManagerInvalidInitialAdmin(address)": Meaning(
        "input", _RIGHTS, "{initialAdmin} cannot be the first admin.", "{initialAdmin} は初代管理者になれません。"
    ),
    "AccessManagerLockedRole(uint64)": Meaning(
        "state", _RIGHTS, "Role {roleId} cannot be changed.", "役割 {roleId} は変更できません。"
    ),
    "AccessManagerNotReady(bytes32)": Meaning(
        "state", _RIGHTS, "Operation {operationId} cannot be done yet.", "操作 {operationId} はまだ実行できません。"
    ),
    "AccessManagerNotScheduled(bytes32)": Meaning(
        "state", _RIGHTS, "Operation {operationId} was not announced.", "操作 {operationId} は予告されていません。"
    ),
    "AccessManagerUnauthorizedAccount(address,uint64)": Meaning(
        "unauthorized", _RIGHTS, "{msgsender} lacks role {roleId}.", "{msgsender} は役割 {roleId} を持っていません。"
    ),
    "AccessManagerUnauthorizedCall(address,address,bytes4)": Meaning(
        "unauthorized",
        _RIGHTS,
        "{caller} may not call {selector} of {target}.",
        "{caller} は {target} の {selector} を呼び出せません。",
    ),
    "AccessManagerUnauthorizedCancel(address,address,address,bytes4)": Meaning(
        "unauthorized",
        _RIGHTS,
        "{msgsender} may not take back the call of {selector} of {target} that {caller} announced.",
        "{msgsender} は、{caller} が予告した {target} の {selector} を取り消せません。",
    ),
    "AccessManagerUnauthorizedConsume(address)": Meaning(
        "unauthorized", _RIGHTS, "{target} does not take announced calls.", "{target} は予告された呼出しを扱いません。"
    ),
    "AddressEmptyCode(address)": Meaning(
        "state", _RIGHTS, "There is no contract at {target}.", "{target} にコントラクトはありません。"
    ),
    "ECDSAInvalidSignature()": Meaning(
        "unauthorized", _TRANSFER, "The signature is not valid.", "署名が正しくありません。"
    ),
    "ECDSAInvalidSignatureLength(uint256)": Meaning(
        "unauthorized", _TRANSFER, "The signature has {length} bytes, not 65.", "署名の長さが {length} バイトです。"
    ),
    "ECDSAInvalidSignatureS(bytes32)": Meaning(
        "unauthorized", _TRANSFER, "The signature is one that others could alter.", "署名は改変可能な形式です。"
    ),
    "FailedCall()": Meaning(
        "state", _RIGHTS, "The call failed without a reason.", "呼出しが理由なしに失敗しました。"
    ),
    "FailedDeployment()": Meaning(
        "state", _ISSUE, "The contract of the token was not created.", "トークンのコントラクトを作成できませんでした。"
    ),
    "InsufficientBalance(uint256,uint256)": Meaning(
        "state",
        _RIGHTS,
        "The contract has {balance} wei and needs {needed}.",
        "残高 {balance} wei は必要額 {needed} に不足します。",
    ),
    "InvalidAccountNonce(address,uint256)": Meaning(
        "state",
        _TRANSFER,
        "The signature of {account} is not the one in turn, which is number {currentNonce}.",
        "{account} の署名の番号が、次の番号 {currentNonce} と異なります。",
    ),
    "SafeCastOverflowedUintDowncast(uint8,uint256)": Meaning(
        "input", _ISSUE, "{value} does not fit in {bits} bits.", "{value} は {bits} ビットに収まりません。"
    ),
}  # fmt: skip
