namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>
/// The characters that text in UTF-8 turns into when it is read in another encoding, in the groups of ftfy 6.3.1, written as
/// <see cref="CharacterSet"/> reads them.
/// </summary>
internal static class MojibakeSigns
{
    /// <summary>Seen in good text everywhere.</summary>
    internal const string Common = "\u00A0\u00AD´·–-―’…";

    /// <summary>Control characters of Latin-1, which no good text has.</summary>
    internal const string Controls = "\u0080-\u009F";

    /// <summary>Hardly ever meant.</summary>
    internal const string Bad = "¤¦¨ª¬¯¸ºƒˆˇ˘˛˜†‡‰⌐◊\uFFFD";

    /// <summary>Paragraphs of laws.</summary>
    internal const string Law = "§¶";

    /// <summary>Signs of money.</summary>
    internal const string Currency = "¢£¥₧€";

    /// <summary>Punctuation before a word.</summary>
    internal const string Opening = "¡©«¿΄΅‘‚“„•‹\uF8FF";

    /// <summary>Punctuation after a word.</summary>
    internal const string Closing = "®»˝”›™";

    /// <summary>Signs of arithmetic.</summary>
    internal const string Numeric = "±-³µ¹¼-¾×÷⁄№∂∆∏∑√∞∩∫≈≠≡≤≥";

    /// <summary>Letters that faces are drawn with.</summary>
    internal const string Faces = "°Ò-ÖÙ-Üò-öø-üŌŐŪŲ";

    /// <summary>Capital letters with accents.</summary>
    internal const string UpperAccented = "À-ÑØÜÝĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĻĽŁŃŅŇŒŘŚŞŠŢŤŮŰŸŹŻŽҐ";

    /// <summary>Small letters with accents.</summary>
    internal const string LowerAccented = "ß-ñüāăąćčďđēėęěğģīįķĺļľłœŕśşšťźżžґﬁﬂ";

    /// <summary>Capital letters of Greek and Cyrillic.</summary>
    internal const string UpperCommon = "ÞΆΈ-ΊΌΎΏΑ-ΫЁ-Я";

    /// <summary>Small letters of Greek and Cyrillic.</summary>
    internal const string LowerCommon = "ά-ωа-џ";

    /// <summary>Lines and blocks.</summary>
    internal const string Box = "│┌┐┘├┤┬┼═-╬▀▄█▌▐-▓";

    /// <summary>White space, as Python's <c>str.isspace</c> sees it.</summary>
    internal const string Space = "\t-\r\u001C- \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000";
}
