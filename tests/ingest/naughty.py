"""Texts that people and machines write into captions and names, and that break careless readers."""

from __future__ import annotations

from hypothesis import strategies as st

NAUGHTY = (
    # What a careless reader takes for "no value", and numbers that are text.
    *("NULL", "null", "None", "NaN", "nan", "undefined", "N/A", "n/a", "nil", "-", "--", "-1", "0"),
    *(
        "true",
        "False",
        "007",
        "0123456789012345678",
        "1.234",
        "1,234",
        "10,6 rb",
        "1e5",
        "1.23E+16",
    ),
    *("Infinity", "0x1F", "½", "٣٤٥", "१२३", "Ⅷ", "12/31/2025", "2025-08-01", "=1+1", "+62 811"),
    # Formulas, and a spreadsheet's marks around text.
    *("=cmd|' /C calc'!A0", "@SUM(1+9)*cmd", "-2+3+cmd|' /C calc'!A0", '="123"', "'123", "\t=1+1"),
    '=HYPERLINK("https://example.org?x="&A1,"klik")',
    # Quotes, delimiters and line ends of every kind.
    *('"', '""', '"""', "'", "''", '","', '";"', '"\n"', '",\n"', ',"', '",', 'a"b', '"a', 'a"'),
    *(
        ",",
        ";",
        "\t",
        "|",
        ",,,",
        ";;;",
        "\\",
        '\\"',
        "\\n",
        "\\N",
        "a\\",
        "“lengkung”",
        "«»",
        "‚‘",
    ),
    *("a\nb", "a\r\nb", "a\rb", "\n", "\r\n", "\r", "\n\n\n", "a\n", "\na", "a\x0bb", "a\x0cb"),
    *("a\x85b", "a\u2028b", "a\u2029b", "sep=;", "Post ID,Likes\n1,2", "Total", "# komentar"),
    # White space that looks like nothing, at the ends as well.
    *(" ", "  ", " a ", "a\u00a0", "\u3000a", "a\u200b", "\u200b", "\u2060", "\u00ad", "\u180e"),
    *("\ufeff", "\ufeffa", "a\ufeffb", "\u115f", "\u3164", "\t"),
    # Control characters, apart from NUL, which no text file holds.
    *(
        "a\x01b",
        "\x07",
        "\x08",
        "\x1b[31mred\x1b[0m",
        "\x1a",
        "\x7f",
        "\x80",
        "\x9f",
        "\x1c\x1d\x1e",
    ),
    # Directions and joins.
    *(
        "العربية مع English",
        "עברית",
        "\u202egnirts\u202c",
        "\u2066a\u2069",
        "\u200fa\u200e",
        "ﷺ",
        "ﷲ",
    ),
    *(
        "👩\u200d👩\u200d👧\u200d👦",
        "🏳️\u200d🌈",
        "👍🏽",
        "🇮🇩",
        "1️⃣",
        "☀️",
        "❤",
        "🧑🏿\u200d🚀",
        "a🇮",
        "\U0001faf6",
    ),
    # Combining marks and forms that normalising would change.
    *(
        "é",
        "e\u0301",
        "Z̸̡̛a̵l̷g̴o̶",
        "ﬁ",
        "Å",
        "Å",
        "ǅ",
        "İstanbul",
        "ẞß",
        "ꦏꦧꦸ",
        "ᬩᬮᬶ",
        "한글",
        "漢字",
        "𝕜𝕖𝕞",
        "\u0300",
    ),
    *("\ufffd", "\ufffe", "\uffff", "\U0010ffff", "\ue000", "Ã©", "â€œ", "Ð¿Ñ€Ð¸", "ÿþ"),
    # Other languages' syntax.
    *(
        "'; DROP TABLE posts; --",
        "1 OR 1=1",
        "<script>alert(1)</script>",
        "&amp;",
        "&lt;b&gt;",
        "&",
    ),
    *("{{ 7*7 }}", "${HOME}", "%s %d %n", "%00", "../../etc/passwd", "C:\\nul", "$(id)", "`id`"),
    *(
        "{}",
        "[]",
        '{"a": null}',
        "]]>",
        "<!--",
        "<?xml?>",
        "//",
        "/*",
        "*/",
        "--",
        "\\u0000",
        "\\x00",
    ),
    # Long.
    *("panjang " * 4000, "🇮🇩" * 2500, '"' * 2000, "\n" * 2000, "," * 2000, "x" * 70_000),
)

#: A text as people write it, any other, or one made to break readers.
TEXTS = (
    st.sampled_from(NAUGHTY)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
    | st.text('",;\n\r\t \\aé🇮🇩=@', max_size=12)
)
