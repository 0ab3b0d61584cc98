"""The texts of the golden set: for each function of ftfy, and of OpenAI's own cleaning, texts in which it has something to do."""


def misread(text, *encodings):
    """The text written in UTF-8 and read in other encodings, one after the other."""
    for encoding in encodings:
        text = text.encode("utf-8").decode(encoding)
    return text


W52, W51, W50, W53, W54, W57 = (f"sloppy-windows-125{digit}" for digit in "210347")

CASES = {
    "unescape_html": [
        "&ldquo;red apple&rdquo;", "black &amp; white cat", "&amp;amp;amp; nested", "caf&eacute; cup", "P&EACUTE;REZ and &NTILDE;",
        "BUNDESSTRA&SZLIG;E", "a &#8217;quote&#x2019; by number", "fish &hellip; chips", "&#169; 2024 &reg;", "5 &times; 5 &le; 30",
        "&lsquo;single&rsquo;&nbsp;quotes", "broken &#xD83D;&#xDE00; pair", "&fjlig;ord and &Jscr;ohn", "too big &#1114112; and zero &#0;",
        "windows &#145;number&#146; &#133;", "&#12354;&#12356;", "&FRAC12; cup, &DEG; of heat", "&LDQUO;in capitals&RDQUO;",
        "&rarr; right &larr; left", "&#x1F34E; apple &#127822;",
    ],
    "unescape_html in a text with a bracket": [
        "1 < 2 &ldquo;yes&rdquo;", "<b>&lsquo;bold&rsquo;</b>", "&ldquo;first&rdquo;\nthen < and &ldquo;second&rdquo;",
        "a < b &amp;amp;amp; c", "&lt;b&gt; &ldquo;tag&rdquo;", "<p>caf&EACUTE;</p>", "x<y\n&ldquo;after&rdquo;", "<3 &hearts; &rsquo;",
        "&ldquo;<&rdquo;", "one\ntwo <\n&lsquo;three&rsquo;",
    ],
    "fix_encoding": [
        misread("a photo of a café", W52), misread("don’t look at the red apple", W52), misread("schöne Grüße", "latin-1"),
        misread("красное яблоко", W51), misread("красное яблоко", "latin-1"), misread("červené jablko", W50), misread("κόκκινο μήλο", W53),
        misread("kırmızı elma, güneş", W54), misread("sarkanā ābola", W57), misread("żółty kot", "iso-8859-2"),
        misread("naïve “quotes” — dash", "macroman"), misread("ein schöner Apfel für Jürgen", "cp437"), misread("红苹果", W52),
        misread("りんご", "latin-1"), misread("🍎 apple", W52), misread("twice café", W52, W52), misread("thrice café", W52, W52, W52),
        misread("l’été à Paris", W52, "latin-1"), misread("تفاحة حمراء", W52), misread("✔ done", W52), misread("한국어 사과", "latin-1"),
        misread("price: 5 € or 3 £", W52), "ÃƒÂ©clair", "Â© 2024 fruit", "Ð¯Ð±Ð»Ð¾ÐºÐ¾ 2", "naÃ¯ve caf\u00c3\u00a9",
    ],
    "fix_encoding in other forms of UTF-8": [
        "cesu \u00ed\u00a0\u00bc\u00ed\u00bd\u008e apple Ã©", "java\u00c0\u0080zero Ã©t\u00c3\u00a9", "\u00ed\u0095\u009cêµ\u00adì\u2013´ cesu",
        "\u00ed\u00a0\u00bd\u00ed\u00b8\u20ac grin", "cat \u00ed\u00a0\u00bd\u00ed\u00b0\u00b1", "\u00c0\u0080 and caf\u00c3\u00a9",
        "half \u00ed\u00a0\u00bd only \u00c3\u00a9", "\u00ed\u0152 not a pair Ã©", "two \u00ed\u00a0\u00bc\u00ed\u00bd\u008e\u00ed\u00a0\u00bc\u00ed\u00bd\u0090",
        "\u00c0\u00c3\u00a9 no zero",
    ],
    "restore_byte_a0": [
        "voilÃ le travail", "Ã la mode", "red apple Ã vendre", "Ã quele dia", "nÃ£o Ã s vezes", "lettre Ã \u2026", "cÃ´te Ã cÃ´te",
        "ideal â fixed Ã©", "à¸ à¸²", "Å koda car Ã©", "Ð ÑƒÑÑÐºÐ¸Ð¹ ÑÐ·Ñ‹Ðº", "ðŸ ° space and Ã©", "ã ‚ kana Ã©", "dÃ©jÃ  vu, dÃ©jÃ vu",
    ],
    "replace_lossy_sequences": [
        "â€œquotedâ€\ufffd text", "â€œ like this â€\ufffd", "caf\u00c3\ufffd au lait", "caf\u00c3? au lait Ã©", "ðŸ\ufffdŽ apple",
        "ðŸ?Ž apple", "â\ufffd\ufffd gone Ã©", "â?? two questions Ã©", "naÃ¯ve \ufffd alone", "Ð¯\ufffd Ð±Ð»Ð¾ÐºÐ¾", "Ñ\ufffd Ã©t\u00c3\u00a9",
        "\u00ed\u00a0\ufffd\u00ed\u00bd\u008e Ã©", "â€\ufffdtoo? Ã©",
    ],
    "decode_inconsistent_utf8": [
        "日本 and cafÃ©", "“good” and â€œbadâ€", "яблоко â€“ apple", "🍎 naÃ¯ve", "cat’s and donâ€™t", "한국 Ã¼ber", "ok ✓ â€¦ more",
        "— dash â€” dash", "жёлтый cafÃ© ÄŒesko", "left “ right â€\u009d", "α â‚¬ 5 and ₤ 3", "日本\u3000fianc\u00c3\u00a9e Ã la carte",
        "word – resumÃ© … Ã¨", "ﬁne cafÃƒÂ©",
    ],
    "fix_c1_controls": [
        "a\u0092s apple", "\u0093quoted\u0094", "dash \u0096 dash", "wait\u0085", "\u0080 5", "日本 it\u0092s", "\u0091single\u0092", "bullet \u0095 list",
        "tm\u0099", "\u0081 has no meaning", "caf\u00e9 \u0097 bar", "яблоко \u0093x\u0094",
    ],
    "remove_terminal_escapes": [
        "\x1b[36;44mhello\x1b[0m", "\x1b[1mbold\x1b[22m cat", "\x1b[31mred\x1b[0m apple", "\x1b[2Kline", "\x1b[38;5;196mred", "\x1b[;mcat",
        "\x1b[m", "no \x1b escape", "\x1b[12", "\x1b[１;３mwide", "a\x1b[0;1;4;5mb", "\x1b[?25lhidden", "\x1b[\x1b[0mtwice", "&#27;[1mcat",
    ],
    "fix_latin_ligatures": [
        "ﬁne ﬂower", "ﬀ ﬃ ﬄ", "ﬅone and ﬆone", "ĳsbeer and Ĳs", "ŉ appel", "ǅ ǆ Ǆ", "ǉubav Ǉ ǈ", "ǌiva Ǌ ǋ", "ǳ Ǳ ǲ", "oﬃce ﬁsh", "æsthetic œuvre",
        "'ﬅ",
    ],
    "fix_character_width": [
        "ＡＢＣ １２３", "ﾈｺ", "ｶﾞﾗｽ ﾊﾟﾝ", "ｱｲｳｴｵ", "ﾡﾢﾣ ﾾﾷ", "Ｕﾀｰﾝ", "red\u3000apple", "￠￡￢￣￤￥￦", "｟x｠ ｡｢｣､･", "￨￩￪￫￬￭￮", "＂ｆｕｌｌ＇ ＆ａｍｐ；",
        "ﾵￇ ￊￗ ￜ", "～ tilde ＜b＞",
    ],
    "uncurl_quotes": [
        "it’s", "“quoted”", "‘single’", "‚low’ „low”", "ʼn Afrikaans ʼ", "‛reversed‟", "rock ’n’ roll", "5′ 10″ prime", "«guillemets» ‹x›", "can’t won’t",
        "o’clock ‘til", "”“ ’‘",
    ],
    "fix_line_breaks": [
        "red\r\napple", "red\rapple", "red\u2028apple", "red\u2029apple", "red\napple\r\n\r\n", "\r\r\n\n", "a\u0085b é", "one\r\n\ttwo", "\u2028", "x\r",
    ],
    "fix_surrogates": [
        "\ud83d\ude00 grin", "lone \ud83d high", "lone \ude00 low", "\ude00\ud83d turned", "\ud83c\udf4e apple", "\ud83d\ud83d\ude00", "a\udfffb",
        "\ud800", "pair \ud83c\udf4e and lone \udc00", "\ud83dx\ude00",
    ],
    "remove_control_chars": [
        "null\0byte", "bell\x07 cat", "\ufeffbom", "object \ufffc here", "del\x7fete", "\u206ashape", "\u001cfour\u001dseparators\u001e\u001f", "v\x0btab",
        "form\x0cfeed stays", "annot\ufff9ation\ufffb", "join\u200der stays", "zero\u200bwidth stays", "back\x08space", "1 \0 2",
    ],
    "normalization": [
        "cafe\u0301", "\u212bngstrom", "\u1100\u1161\u11a8", "q\u0307\u0323", "n\u0303", "\u0958 nukta", "\u2126 ohm \u212a kelvin", "e\u0302\u0301",
        "\uf900 \ufa0e", "\u0344", "\u03b1\u0301 \u1f71", "\u0623 \u0627\u0654", "\u30ab\u3099",
    ],
    "html.unescape": [
        "&copy 2024", "&lt5", "&AMP &LT", "&notit; &notin;", "a < b &mdash; c", "&CounterClockwiseContourIntegral;", "&frac12cup", "&ampamp;",
        "&#39no semicolon", "&#x27 hex", "&unknown; &x;", "AT&T and R&D", "&ampquot; &amp;quot", "&notaname", "&#59; &#38;lt;", "&#128; <&#x80;>",
        "&;& &# &#x; &", "&amp;lt;b&amp;gt; <", "<&#xFDD0;&#11;&#13;>", "<&Aacute&aacute;", "&#99999999999999999999;",
    ],
    "whitespace": [
        "  a \t\n b  ", "a\u00a0b", "a\u2003b\u205fc", "\u1680x\u202f", "&nbsp;", "", " ", "a\u180eb", "line\n\n\nbreak", "\u3000x", "x &#8195; y",
    ],
    "str.lower": [
        "ΟΔΟΣ", "ΟΔΟΣ ΣΑΣ Σ", "ΣΊΣΥΦΟΣ.", "ΑΣ'Σ", "Σ", "ΑΣ\u0301 ΑΣ\u0301Α", "İstanbul", "ẞ STRASSE", "ÀÉÎÕÜ", "ЯБЛОКО", "ԱԲԳ", "ΑΣ-Β ΑΣ:Β", "Ⓐ Ⅷ",
        "ᎠᎡ Ა", "ΑΣ\U0001f34e", "𝐀Σ 𐐀", "ªΣ ⅷΣ",
    ],
    "the pattern": [
        "it'ſ", "it's IT'S", "'ſ 'ſs", "we'll they'RE i'd you've i'm don't", "naïve_2 x²", "１２ ①② Ⅷ", "a_b-c!!??", "日本語𠮷野家", "\U0001f34e\U0001f34e!", "x'y'z",
        "हिन्दी नमस्ते", "👨\u200d👩\u200d👧",
    ],
    "nothing to mend": [
        "a photo of a red apple", "a photo of a cat, sitting on a mat!", "naïve café", "über schön", "яблоко", "苹果", "🍎", "El Niño está aquí",
        "25°C ± 3", "Ø and Å", "€5 or £3", "don't \"quote\"", "¿Qué? ¡Sí!", "AÑO ÜBER", "fußball straße", "señor – año", "(╯°□°)╯︵ ┻━┻", "x² + y³ ÷ 2",
    ],
    "more than the model reads": [
        "red apple " * 60, "café " * 90, misread("é’", W52) * 60, "日本語" * 100, "&amp;lt;" * 90, "don’t " * 50,
        "ΟΔΟΣ " * 40, "🍎" * 80, "ｶﾞ" * 150, "a" * 600, misread("красное яблоко ", W51) * 20, "&copy" * 80,
    ],
    "on purpose": [
        "a cat <|endoftext|> a dog", "<|startoftext|>a cat", "<|ENDOFTEXT|>", "&lt;|endoftext|&gt;", "&" + "amp;" * 2000,
    ],
}
