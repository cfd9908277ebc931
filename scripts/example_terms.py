"""The terms among the examples, those that are taken and those that are refused."""

from __future__ import annotations

from collections.abc import Iterator

from stotoken.types import checksum, keccak

#: Old text and new, each once.
Changes = tuple[tuple[str, str], ...]

BOND = """\
# A straight corporate bond offered to the public. Made up: no such issuer and no such bond exists.
name: 青葉電機株式会社 第1回無担保社債
symbol: AOBA-B1
instrument: bond
category: PUBLIC_PARA1
identifier: ZZ0000AOBB10      # ZZ belongs to no country: a real security never has it
currency: JPY
face_value: 100000            # yen for one unit
decimals: 0
authorised_units: 50000       # 5 billion yen
partitions: [default]
issue_date: 2026-04-01
maturity: 2031-03-31          # redeemable once this day is over in Japan
receive_classes: [KYC]
holder_cap: 0                 # 0: any number of investors
approval_required: false
lockup_until: null
puttable: false
documents:
  - name: outline
    uri: https://example.com/aoba/bond-1/outline.txt
    file: documents/bond-outline.txt
"""
SHARE = """\
# Shares offered to the public, ordinary ones (default) and a preferred class. Made up: no such company exists.
name: 白樺食品株式会社 株式
symbol: SHIRA
instrument: share
category: PUBLIC_PARA1
identifier: ZZ0000SHIR14      # ZZ belongs to no country: a real security never has it
currency: JPY
face_value: 0                 # shares have no face value
decimals: 0
authorised_units: 2000000
partitions: [default, class-a]
issue_date: 2026-04-01
receive_classes: [KYC]
holder_cap: 0
approval_required: false
lockup_until: 2026-09-30      # nothing moves before this day is over in Japan
puttable: false
documents:
  - name: articles
    uri: https://example.com/shirakaba/articles.txt
    file: documents/share-articles.txt
"""
FUND = """\
# Units of a fund, offered without a public offer as a paragraph-2 security. Made up: no such fund exists.
name: 夕凪不動産ファンド 匿名組合出資持分
symbol: YUNAGI-F1
instrument: fund_unit
category: FUND_PARA2
identifier: ZZ0000YUNF1A
currency: JPY
face_value: 50000
decimals: 0
authorised_units: 40000
partitions: [default]
issue_date: 2026-04-01
maturity: 2033-03-31
receive_classes: [KYC]
holder_cap: 499               # fewer than 500 investors
approval_required: false
puttable: false
minimum: 10                   # a holding has none or at least so many units
lot_size: 5
admitted_countries: [392]     # only residents of Japan receive
transfer_window: [2026-10-01, 2033-02-28]
closed_period_days: 5         # before every record date nothing is transferred
documents:
  - name: agreement
    uri: https://example.com/yunagi/agreement.txt
    file: documents/fund-agreement.txt
"""
QII_BOND: Changes = (
    ("offered to the public", "placed with qualified institutional investors"),
    ("第1回", "第2回"),
    ("AOBA-B1", "AOBA-B2"),
    ("PUBLIC_PARA1", "QII_ONLY"),
    ("ZZ0000AOBB10      # ZZ belongs to no country: a real security never has it", "ZZ0000AOBB2A"),
    ("[KYC]", "[QII]"),
    (
        "puttable: false",
        "puttable: false\nminimum: 100                  # 10 million yen\nrefused_countries: [840, 036]",
    ),
)
SMALL_BOND: Changes = (
    ("offered to the public", "placed with fewer than 50 investors"),
    ("第1回", "第3回"),
    ("AOBA-B1", "AOBA-B3"),
    ("PUBLIC_PARA1", "SMALL_NUMBER"),
    ("ZZ0000AOBB10      # ZZ belongs to no country: a real security never has it", "ZZ0000AOBB3A"),
    ("holder_cap: 0                 # 0: any number of investors", "holder_cap: 49                # fewer than 50"),
    (
        "approval_required: false",
        "approval_required: false\nwhole_only: true              # a holding moves as a whole",
    ),
)
EXEMPT_FUND: Changes = (
    (
        "offered without a public offer as a paragraph-2 security",
        "exempt from the rules of electronically recorded\n# transferable rights: the issuer approves every transfer",
    ),
    ("YUNAGI-F1", "YUNAGI-F2"),
    ("夕凪不動産ファンド", "夕凪不動産ファンド2号"),
    ("FUND_PARA2", "EXEMPT_ERTR"),
    ("ZZ0000YUNF1A", "ZZ0000YUNF2A"),
    ("[KYC]", "[QII, SPECIAL]"),
    ("holder_cap: 499               # fewer than 500 investors", "holder_cap: 0"),
    ("approval_required: false", "approval_required: true"),
)
PRO_TRUST: Changes = (
    ("Units of a fund, offered without a public offer as a paragraph-2 security", "Trust interests for professionals"),
    ("夕凪不動産ファンド 匿名組合出資持分", "夕凪信託 受益権"),
    ("YUNAGI-F1", "YUNAGI-T1"),
    ("fund_unit", "beneficial_interest"),
    ("FUND_PARA2", "PRO_INVESTOR"),
    ("ZZ0000YUNF1A", "ZZ0000YUNT1A"),
    ("[KYC]", "[PRO, QII]"),
    ("holder_cap: 499               # fewer than 500 investors", "holder_cap: 0"),
    ("such fund", "such trust"),
)
DOCUMENTS = {
    "bond-outline.txt": "青葉電機株式会社 第1回無担保社債 要項（架空の例）\n償還期限 2031年3月31日\n",
    "fund-agreement.txt": "夕凪不動産ファンド 契約（架空の例）\n出資持分は1口5万円とする。\n",
    "share-articles.txt": "白樺食品株式会社 定款（架空の例）\n当会社は、普通株式およびA種優先株式を発行する。\n",
}

#: File, the terms it is made of, and what is changed in them.
TERMS: tuple[tuple[str, str, Changes], ...] = (
    ("bond", BOND, ()),
    ("share", SHARE, ()),
    ("fund", FUND, ()),
    ("qii-bond", BOND, QII_BOND),
    ("small-number-bond", BOND, SMALL_BOND),
    ("exempt-fund", FUND, EXEMPT_FUND),
    ("pro-trust", FUND, PRO_TRUST),
)


def changed(name: str, text: str, changes: Changes) -> str:
    for old, new in changes:
        if old not in text:
            raise ValueError(f"{name}: {old!r} is not in the terms it changes")
        text = text.replace(old, new, 1)
    return text


def wallet(label: str) -> str:
    """An address for which no key is known: the tail of a hash."""
    return checksum("0x" + keccak(f"stotoken examples: wallet {label}".encode())[-20:].hex())


def further(fields: str) -> Changes:
    """These fields besides."""
    return (("puttable: false", f"puttable: false\n{fields}"),)


(WHOLE,) = further("whole_only: true")
SHARE_FUND = SHARE.replace("instrument: share", "instrument: fund_unit").replace(
    "category: PUBLIC_PARA1", "category: FUND_PARA2"
)
REFUSED_TERMS: tuple[tuple[str, str, str, Changes], ...] = (
    ("qii-only-open-to-all", "must be [QII]", BOND, (("PUBLIC_PARA1", "QII_ONLY"),)),
    (
        "exempt-open-to-all",
        "may hold only QII and SPECIAL",
        BOND,
        (("PUBLIC_PARA1", "EXEMPT_ERTR"), ("approval_required: false", "approval_required: true")),
    ),
    (
        "exempt-without-approval",
        "must be true: the issuer approves every transfer",
        BOND,
        (("PUBLIC_PARA1", "EXEMPT_ERTR"), ("[KYC]", "[QII, SPECIAL]")),
    ),
    (
        "small-number-without-cap",
        "must be between 1 and 49",
        BOND,
        (("PUBLIC_PARA1", "SMALL_NUMBER"), WHOLE),
    ),
    (
        "small-number-cap-50",
        "must be between 1 and 49",
        BOND,
        (("PUBLIC_PARA1", "SMALL_NUMBER"), ("holder_cap: 0 ", "holder_cap: 50 "), WHOLE),
    ),
    (
        "small-number-in-parts",
        "must be true: a holding of a SMALL_NUMBER security is transferred as a whole",
        BOND,
        (("PUBLIC_PARA1", "SMALL_NUMBER"), ("holder_cap: 0 ", "holder_cap: 49 ")),
    ),
    ("pro-open-to-all", "may hold only PRO and QII", BOND, (("PUBLIC_PARA1", "PRO_INVESTOR"),)),
    (
        "fund-that-is-a-bond",
        "must be fund_unit or beneficial_interest",
        BOND,
        (("PUBLIC_PARA1", "FUND_PARA2"), ("holder_cap: 0 ", "holder_cap: 499 ")),
    ),
    ("fund-without-cap", "must be between 1 and 499", SHARE_FUND, ()),
    ("maturity-before-issue", "must be after the issue date", BOND, (("2031-03-31", "2026-03-31"),)),
    (
        "bond-without-maturity",
        "is missing: a bond needs a maturity",
        BOND,
        (("maturity: 2031-03-31", "maturity: null"),),
    ),
    (
        "share-with-maturity",
        "must be left out: a share has none",
        SHARE,
        (("receive_classes", "maturity: 2031-03-31\nreceive_classes"),),
    ),
    ("lockup-after-maturity", "is after the maturity", BOND, (("lockup_until: null", "lockup_until: 2031-04-01"),)),
    ("lockup-before-issue", "is before the issue date", SHARE, (("2026-09-30", "2026-03-31"),)),
    ("authorised-nothing", "is 0, so that nothing could ever be issued", BOND, (("50000", "0"),)),
    ("authorised-too-much", "must be between 1 and 2^94 - 1", BOND, (("50000", str(2**94)),)),
    ("authorised-as-text", "must be a whole number", BOND, (("50000", '"50,000"'),)),
    ("face-value-as-float", "is a floating point number", BOND, (("100000 ", "100000.0 "),)),
    ("face-value-below-the-yen", "has more decimal places than JPY has", BOND, (("100000 ", '"100000.5" '),)),
    ("unknown-field", "is not a field of the terms; the nearest is puttable", BOND, (("puttable:", "putable:"),)),
    ("duplicate-field", "currency stands twice", BOND, (("face_value", "currency: USD\nface_value"),)),
    ("unknown-class", "the nearest is QII", BOND, (("[KYC]", "[KYC, QIII]"),)),
    (
        "wrong-check-digit",
        "its check digit is wrong",
        BOND,
        (("identifier: ZZ0000AOBB10", "identifier: ZZ0000AOBB11"),),
    ),
    ("partition-name-too-long", "must be names of at most 31 ASCII", SHARE, (("class-a", "a" * 32),)),
    ("default-partition-missing", "must begin with the partition 'default'", SHARE, (("[default, ", "["),)),
    ("nobody-may-receive", "must name at least one class", BOND, (("[KYC]", "[]"),)),
    ("maximum-below-minimum", "is less than the minimum", BOND, further("minimum: 100\nmaximum: 99")),
    ("minimum-beyond-issue", "is more than the authorised units", BOND, further("minimum: 50001")),
    ("lot-above-maximum", "is more than the maximum", BOND, further("maximum: 99\nlot_size: 100")),
    (
        "countries-both-ways",
        "must be left out where admitted_countries",
        BOND,
        further("admitted_countries: [392]\nrefused_countries: [840]"),
    ),
    ("unknown-country", "must be a country's three digits", BOND, further("admitted_countries: [392, JP]")),
    ("window-backwards", "ends before it begins", BOND, further("transfer_window: [2027-04-01, 2027-03-31]")),
    ("window-before-issue", "ends before the issue date", BOND, further("transfer_window: [null, 2026-03-31]")),
    ("window-after-maturity", "begins after the maturity", BOND, further("transfer_window: [2031-04-01, null]")),
    (
        "window-of-one-day",
        "must be a list of the first and the last day",
        BOND,
        further("transfer_window: [2027-04-01]"),
    ),
    ("closed-for-ever", "must be between 0 (none) and 3650 days", BOND, further("closed_period_days: 3651")),
    ("oracle-mistyped", "fails its checksum", BOND, further(f"sanctions_oracle: {wallet('oracle')[:-1]}0")),
    (
        "nine-rules",
        "must be at most 8 contracts",
        BOND,
        further(f"rules: [{', '.join(wallet(f'rule {n}') for n in range(9))}]"),
    ),
    ("document-missing", "which cannot be read", BOND, (("bond-outline.txt\n", "no-such-file.txt\n"),)),
)


def refused_terms() -> Iterator[tuple[str, bytes, str]]:
    for name, sentence, base, changes in REFUSED_TERMS:
        text = base.split("\n", 1)[1].replace("file: documents/", "file: ../documents/")
        text = changed(name, text, changes)
        yield f"{name}.yaml", f"# Refused: {sentence}\n{text}".encode(), sentence
