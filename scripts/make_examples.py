"""Writes the input files under examples/ (or another folder): the same bytes on every run and every machine.

Every person, firm and wallet is made up: names are drawn from lists of common ones, wallets are hashes for which
nobody holds a key.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.example_custody import CUSTODY, LEDGER, LEDGER_HEADER, POLICY
from scripts.example_names import GIVEN_NAMES, SURNAMES
from scripts.example_terms import DOCUMENTS, TERMS, changed, refused_terms, wallet

INVESTORS = 1_000
INVESTOR_HEADER = "investor_id,wallet,classes,country,valid_until,name,kana,prefecture"
NAME_HEADER = "investor_id,name,address,partition,units,acquired,pledgee"
ALLOTMENT_HEADER = "wallet,partition,units,price,lockup_until"
FIRMS = (
    "青葉アオバ 若草ワカクサ 白樺シラカバ 朝凪アサナギ 夕凪ユウナギ 千歳チトセ 常磐トキワ 茜ヶ丘アカネガオカ "
    "桜坂サクラザカ 柊ヒイラギ 楓カエデ 欅ケヤキ"
)
TRADES = "商事ショウジ 製作所セイサクショ 不動産フドウサン 物産ブッサン 電機デンキ 食品ショクヒン 運輸ウンユ 化学カガク"
FINANCIERS = "信託銀行シンタクギンコウ 生命保険セイメイホケン 投資顧問トウシコモン 損害保険ソンガイホケン"
FOREIGNERS = "Emma_Martin Lucas_Meyer Olivia_Brown Noah_Wilson Chloe_Dubois Liam_Murphy Sofia_Rossi Oscar_Lind"
FOREIGN_COUNTRIES = ("840", "826", "702", "276", "250", "036")
# More often where more people live.
PREFECTURES = (
    "東京都 東京都 東京都 東京都 東京都 東京都 神奈川県 神奈川県 神奈川県 大阪府 大阪府 大阪府 愛知県 愛知県 愛知県 "
    "埼玉県 埼玉県 埼玉県 千葉県 千葉県 兵庫県 兵庫県 北海道 北海道 福岡県 福岡県 静岡県 茨城県 広島県 京都府 宮城県 "
    "新潟県 長野県 岐阜県 群馬県 栃木県 岡山県 福島県 三重県 熊本県 鹿児島県 沖縄県 滋賀県 山口県 奈良県 長崎県 "
    "愛媛県 青森県 岩手県 石川県 大分県 宮崎県 山形県 富山県 秋田県 香川県 和歌山県 山梨県 佐賀県 福井県 徳島県 "
    "高知県 島根県 鳥取県"
)


def draw(label: str, below: int) -> int:
    """A number in 0..below-1 that depends on the label alone."""
    return int.from_bytes(hashlib.sha256(f"stotoken examples: {label}".encode()).digest()[:8], "big") % below


def pick(label: str, words: str | tuple[str, ...]) -> str:
    listed = words.split() if isinstance(words, str) else words
    return listed[draw(label, len(listed))]


def kanji_and_kana(word: str) -> tuple[str, str]:
    """Splits 佐藤サトウ where the reading begins."""
    start = len(word)
    while start and "ァ" <= word[start - 1] <= "ー":
        start -= 1
    return word[:start], word[start:]


class Person(NamedTuple):
    name: str
    kana: str
    classes: str
    country: str
    prefecture: str


def person(number: int) -> Person:
    """Most are private persons; some are firms, financial institutions, residents of other countries."""
    kind = draw(f"kind {number}", 100)
    prefecture = pick(f"prefecture {number}", PREFECTURES)
    if kind == 0:
        name = pick(f"foreigner {number}", FOREIGNERS).replace("_", " ")
        country = pick(f"country {number}", FOREIGN_COUNTRIES)
        return Person(name, name, "KYC+NON_RESIDENT", country, "")
    if kind <= 9:
        return firm(number, prefecture, financial=kind <= 3)
    surname, surname_kana = kanji_and_kana(pick(f"surname {number}", SURNAMES))
    given, given_kana = kanji_and_kana(pick(f"given {number}", GIVEN_NAMES))
    classes = {10: "KYC+PRO", 11: "KYC+PRO", 12: "KYC+PRO", 13: "KYC+SPECIAL", 14: "KYC+QII"}.get(kind, "KYC")
    return Person(f"{surname}　{given}", f"{surname_kana}　{given_kana}", classes, "392", prefecture)


def firm(number: int, prefecture: str, *, financial: bool) -> Person:
    house, house_kana = kanji_and_kana(pick(f"firm {number}", FIRMS))
    trade, trade_kana = kanji_and_kana(pick(f"trade {number}", FINANCIERS if financial else TRADES))
    pro = draw(f"pro {number}", 3) == 0
    classes = "KYC+QII+CORPORATE" if financial else "KYC+PRO+CORPORATE" if pro else "KYC+CORPORATE"
    if draw(f"form {number}", 2):
        return Person(
            f"株式会社{house}{trade}", f"カブシキガイシャ{house_kana}{trade_kana}", classes, "392", prefecture
        )
    return Person(f"{house}{trade}株式会社", f"{house_kana}{trade_kana}カブシキガイシャ", classes, "392", prefecture)


def wallets(number: int) -> list[str]:
    second = draw(f"second wallet {number}", 25) == 0
    return [wallet(str(number))] + ([wallet(f"{number} second")] if second else [])


def investor_id(number: int) -> str:
    return hashlib.sha256(f"stotoken examples: investor {number}".encode()).hexdigest()[:32]


def investor_rows(numbers: range) -> Iterator[str]:
    for number in numbers:
        who = person(number)
        year = 2030 if draw(f"year {number}", 20) else 2028 + draw(f"other year {number}", 2)
        valid_until = f"{year}-{1 + draw(f'month {number}', 12):02}-{1 + draw(f'day {number}', 28):02}"
        for address in wallets(number):
            yield ",".join(
                (
                    investor_id(number),
                    address,
                    who.classes,
                    who.country,
                    valid_until,
                    who.name,
                    who.kana,
                    who.prefecture,
                )
            )


def bond_rows(numbers: range) -> Iterator[str]:
    for number in numbers:
        for place, address in enumerate(wallets(number)):
            yield f"{address},default,{1 + draw(f'bond {number} {place}', 60)},100000,"


def share_rows(numbers: range) -> Iterator[str]:
    for number in numbers:
        first = wallets(number)[0]
        yield f"{first},default,{100 * (1 + draw(f'share {number}', 20))},1500,"
        if draw(f"preferred {number}", 7) == 0:
            yield f"{first},class-a,{100 * (1 + draw(f'class-a {number}', 5))},5000,2027-03-31"


def name_rows() -> Iterator[str]:
    """Placeholders for the first investors, and two whose units are kept off chain."""
    for number, letter in enumerate("ABCDEFGH"):
        yield f"{investor_id(number)},投資家{letter},東京都架空区見本町{number + 1}-1-{number + 1},,,,"
    yield ",投資家Y,大阪府架空市見本町2-1,default,120,2026-04-01,"
    yield ",投資家Z,北海道架空市見本町3-1,default,80,2026-05-15,質権者X"


def table(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


# --- inputs that are refused: file, the sentence it is refused with, how it differs from a good one -------------------


def refused_investors() -> Iterator[tuple[str, bytes, str]]:
    yield from refused_investor_files()
    yield from refused_investor_rows()


def refused_investor_files() -> Iterator[tuple[str, bytes, str]]:
    rows = list(investor_rows(range(3)))
    good = table(INVESTOR_HEADER, rows)

    def with_column(name: str) -> bytes:
        return table(f"{INVESTOR_HEADER},{name}", [f"{row}," for row in rows]).encode()

    short = [",".join([*row.split(",")[:4], *row.split(",")[5:]]) for row in rows]
    yield "investors-euc-jp.csv", good.encode("euc_jp"), "looks like EUC-JP from byte offset"
    yield "investors-utf-16.csv", good.encode("utf-16"), "is UTF-16 by the mark at byte offset 0"
    yield (
        "investors-iso-2022-jp.csv",
        good.encode("iso2022_jp"),
        "an escape sequence, as ISO-2022-JP has, at byte offset",
    )
    yield "investors-broken-utf-8.csv", good.encode()[:-4] + b"\xff\n", "is neither UTF-8 (byte"
    yield "investors-unknown-column.csv", with_column("furigana"), "column furigana: is not a known column"
    yield (
        "investors-missing-column.csv",
        table(INVESTOR_HEADER.replace("valid_until,", ""), short).encode(),
        "column valid_until: is missing",
    )
    yield "investors-duplicate-column.csv", with_column("name"), "column name: stands twice in the header"
    yield "investors-without-header.csv", table(rows[0], rows[1:]).encode(), "must begin with a header of the columns"
    yield "investors-without-rows.csv", f"{INVESTOR_HEADER}\n".encode(), "holds no rows"
    yield (
        "investors-short-row.csv",
        table(INVESTOR_HEADER, [*rows, "x,y"]).encode(),
        "has 2 cells where the header has 8",
    )
    yield "investors-open-quote.csv", good.encode() + b'"abc', "is not CSV from here on"


def refused_investor_rows() -> Iterator[tuple[str, bytes, str]]:
    rows = list(investor_rows(range(3)))
    cells = rows[1].split(",")

    def with_cell(place: int, value: str) -> bytes:
        changed = [rows[0], ",".join([*cells[:place], value, *cells[place + 1 :]]), *rows[2:]]
        return table(INVESTOR_HEADER, changed).encode()

    again = ",".join(["0" * 31 + "1", *cells[1:]])
    other = ",".join([cells[0], wallet("another"), *cells[2:4], "2029-01-01", *cells[5:]])
    yield "investors-bad-id.csv", with_cell(0, "C-0001"), "must be 32 hexadecimal digits"
    yield "investors-bad-address.csv", with_cell(1, cells[1][:-1]), "must be an address: 0x and 40 hexadecimal digits"
    yield "investors-bad-checksum.csv", with_cell(1, "0x" + cells[1][2:].swapcase()), "fails its checksum"
    yield (
        "investors-unknown-class.csv",
        with_cell(2, "KYC+QIII"),
        "holds an unknown class in place 2; the nearest is QII",
    )
    yield "investors-bad-country.csv", with_cell(3, "JP"), "must be a country's three digits by ISO 3166"
    yield "investors-full-width-country.csv", with_cell(3, "３９２"), "holds full-width characters"
    yield "investors-bad-date.csv", with_cell(4, "2030-02-30"), "must be a day after 1970-01-01, written YYYY-MM-DD"
    yield "investors-without-name.csv", with_cell(5, ""), "column name: is empty"
    yield "investors-bad-prefecture.csv", with_cell(7, "東京"), "must be one of the 47 prefectures"
    yield "investors-duplicate-wallet.csv", table(INVESTOR_HEADER, [*rows, again]).encode(), "is already in row 3"
    yield "investors-two-minds.csv", table(INVESTOR_HEADER, [*rows, other]).encode(), "differs from row 3"


def refused_allotments() -> Iterator[tuple[str, bytes, str]]:
    first, second = wallet("0"), wallet("1")
    good = f"{first},default,5,100000,"
    for name, row, sentence in (
        ("negative-units", f"{second},default,-5,,", "Units must be 1 or more, not -5"),
        ("zero-units", f"{second},default,0,,", "Units must be 1 or more, not 0"),
        ("fractional-units", f"{second},default,1.5,,", "units cannot be divided"),
        ("separated-units", f'{second},default,"1,000",,', "write the digits without separators"),
        ("full-width-units", f"{second},default,１０,,", "holds full-width characters"),
        ("duplicate-row", f"{first},default,7,,", "has an allotment in the same partition in row 2 already"),
        ("unknown-wallet", f"{wallet('nobody')},default,5,,", "is not a wallet of any investor"),
        ("unknown-partition", f"{second},class-z,5,,", "is not one of the partitions default"),
        ("over-authorised", f"{second},default,49996,,", "brings the sum to 50001, over the 50000 authorised units"),
        ("negative-price", f"{second},default,5,-1,", "must be an amount of 0 or more"),
        ("lockup-after-maturity", f"{second},default,5,,2031-04-01", "is after the maturity, 2031-03-31"),
    ):
        yield f"allotments-{name}.csv", table(ALLOTMENT_HEADER, [good, row]).encode(), sentence


REFUSED_README = """# Inputs that are refused

Each file has one fault and is refused with the sentence beside it, exit code 2, before anything is sent. Allotments
are read against `../bond.yaml` and `../investors.csv`. Like all examples these are made up.

| file | refused, because it |
|---|---|
"""


def files() -> Iterator[tuple[str, bytes]]:
    everyone = range(INVESTORS)
    for name, text, changes in TERMS:
        yield f"{name}.yaml", changed(name, text, changes).encode()
    for name, text in DOCUMENTS.items():
        yield f"documents/{name}", text.encode()
    yield "investors.csv", table(INVESTOR_HEADER, list(investor_rows(everyone))).encode()
    yield "bond-allotments.csv", table(ALLOTMENT_HEADER, list(bond_rows(everyone))).encode()
    yield "share-allotments.csv", table(ALLOTMENT_HEADER, list(share_rows(everyone))).encode()
    yield "names.csv", table(NAME_HEADER, list(name_rows())).encode()
    sjis = table(INVESTOR_HEADER, list(investor_rows(range(2126, 2136))))
    yield "investors-sjis.csv", sjis.replace("\n", "\r\n").encode("cp932")
    yield "policy.toml", POLICY.encode()
    yield "custody.toml", CUSTODY.encode()
    yield "customers.csv", table(LEDGER_HEADER, list(LEDGER)).encode()
    refused = [*refused_terms(), *refused_investors(), *refused_allotments()]
    for name, raw, _ in refused:
        yield f"refused/{name}", raw
    listing = "".join(f"| {name} | {sentence} |\n" for name, _, sentence in refused)
    yield "refused/README.md", (REFUSED_README + listing).encode()


def main(folder: Path) -> None:
    for name, raw in files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "examples")
