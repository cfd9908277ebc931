"""The error that the rule refuses with, for `stotoken.chain.decoder.learn`: clients then tell it in words."""

from stotoken.errors import Refused


class CounterpartyUnknown(Refused):
    signature = "CounterpartyUnknown(address)"
    selector = bytes.fromhex("30dd60cd")
    inputs = ("address",)
    fields = ("wallet",)
    clause = "6.1.1.7"
    template_en = "{wallet} is not a known counterparty."
    template_ja = "{wallet} は登録済みの取引先ではありません。"
    wallet: str
