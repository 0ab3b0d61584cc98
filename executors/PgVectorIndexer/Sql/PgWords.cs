using System.Globalization;
using System.Text;
using FlowKit.VectorStores.Words;

namespace FlowKit.Executors.Sql;

/// <summary>
/// Words as PostgreSQL's text search has them (https://www.postgresql.org/docs/current/datatype-textsearch.html). FlowKit splits the text
/// itself, so that a word is the same in every store; PostgreSQL's parser sees addresses, signs of numbers and more.
/// </summary>
internal static class PgWords
{
    /// <summary>The name of the score.</summary>
    public const string Score = "ts_rank";

    // As many as a query may have of these are just below the megabyte that PostgreSQL takes.
    private const int MaxWordBytes = 1000;
    private const int MaxVectorBytes = 1_000_000;
    private const int MaxPosition = 16_383;
    private const int MaxPositions = 255;
    private const int PositionBytes = 2;
    private const int WordOverhead = 8;

    /// <summary>
    /// An expression of SQL without the marks upon letters. PostgreSQL takes them away, since .NET decomposes no letters where it runs
    /// without the data of cultures.
    /// </summary>
    public static string Folded(string text) => $@"normalize(regexp_replace(normalize({text}, NFD), '[\u0300-\u036f]', '', 'g'), NFC)";

    /// <summary>
    /// A text as a <c>tsvector</c> with the marks upon its letters: its words with their places, as many as PostgreSQL takes.
    /// </summary>
    public static string VectorOf(string text)
    {
        var (places, bytes, place) = (new Dictionary<string, List<int>>(StringComparer.Ordinal), 0, 0);
        foreach (var word in PlainWords.Split(text).Where(IsWord))
        {
            place = Math.Min(place + 1, MaxPosition);
            if (!places.TryGetValue(word, out var own))
            {
                bytes += Encoding.UTF8.GetByteCount(word) + WordOverhead;
                if (bytes > MaxVectorBytes)
                {
                    break;
                }

                places[word] = own = [];
            }

            if (own.Count < MaxPositions && (own.Count == 0 || own[^1] != place) && bytes + PositionBytes <= MaxVectorBytes)
            {
                own.Add(place);
                bytes += PositionBytes;
            }
        }

        return string.Join(' ', places.Select(pair => $"'{pair.Key}'{Places(pair.Value)}"));
    }

    /// <summary>
    /// A text as a <c>tsquery</c> with the marks upon its letters, for any of its words; one that finds nothing where it has none.
    /// </summary>
    /// <exception cref="FlowKitException">It has too many.</exception>
    public static string QueryOf(string text) =>
        string.Join(" | ", PlainWords.Of(text).Where(IsWord).Select(word => $"'{word}'"));

    private static string Places(List<int> places) =>
        places.Count == 0 ? "" : ":" + string.Join(',', places.Select(place => place.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Tells whether a word is kept: one of marks alone would be nothing without them.</summary>
    private static bool IsWord(string word) =>
        Encoding.UTF8.GetByteCount(word) <= MaxWordBytes
        && word.Any(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark);
}
