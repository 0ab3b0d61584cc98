namespace FlowKit;

/// <summary>
/// A parsed access path of DocArray. <c>r</c> the documents themselves, <c>c</c> their chunks, <c>m</c> their matches;
/// letters are applied left to right (<c>cm</c>: matches of chunks), each may carry a slice (<c>c[:3]</c>, <c>m[-1]</c>),
/// and a comma makes a union in the order written. The old <c>traversal_paths</c> spelling, without <c>@</c>, is the same.
/// </summary>
public sealed class AccessPath
{
    private readonly Step[][] _alternatives;

    private AccessPath(string text, Step[][] alternatives)
    {
        Text = text;
        _alternatives = alternatives;
    }

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a path.</summary>
    /// <param name="text">For example <c>@r</c>, <c>@c[0:2]m</c>, <c>r,c,m</c>.</param>
    /// <exception cref="FlowKitException">The path cannot be read; the message shows where.</exception>
    public static AccessPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var body = text.StartsWith('@') ? text[1..] : text;
        var alternatives = body.Split(',').Select(part => ParsePart(text, part.Trim())).ToArray();
        return new AccessPath(text, alternatives);
    }

    /// <summary>The documents the path names, a document named twice only once.</summary>
    /// <param name="roots">The documents it starts from.</param>
    public DocumentArray Select(DocumentArray roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        if (_alternatives is [[{ Kind: 'r', Range: null }]])
        {
            return roots;
        }

        var seen = new HashSet<Document>(ReferenceEqualityComparer.Instance);
        var result = new DocumentArray();
        foreach (var alternative in _alternatives)
        {
            result.AddRange(Walk(roots, alternative).Where(seen.Add));
        }

        return result;
    }

    private static IEnumerable<Document> Walk(IEnumerable<Document> documents, Step[] steps)
    {
        foreach (var step in steps)
        {
            documents = step.Kind switch
            {
                'r' => step.Slice(documents as IReadOnlyList<Document> ?? [.. documents]),
                'c' => documents.SelectMany(document => document.HasChunks ? step.Slice(document.Chunks) : []),
                _ => documents.SelectMany(document => document.HasMatches ? step.Slice(document.Matches) : []),
            };
        }

        return documents;
    }

    private static Step[] ParsePart(string whole, string part)
    {
        var steps = new List<Step>();
        for (var at = 0; at < part.Length;)
        {
            var kind = part[at++];
            if (kind is not ('r' or 'c' or 'm'))
            {
                throw Unreadable(whole, $"'{kind}' is none of r, c, m");
            }

            Range? range = null;
            if (at < part.Length && part[at] == '[')
            {
                var end = part.IndexOf(']', at);
                range = end < 0 ? throw Unreadable(whole, "a '[' is not closed") : ParseSlice(whole, part[(at + 1)..end]);
                at = end + 1;
            }

            steps.Add(new Step(kind, range));
        }

        return steps.Count > 0 ? [.. steps] : throw Unreadable(whole, "a part is empty");
    }

    private static Range ParseSlice(string whole, string slice)
    {
        var colon = slice.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            return new Range(ParseIndex(whole, slice[..colon]) ?? Index.Start, ParseIndex(whole, slice[(colon + 1)..]) ?? Index.End);
        }

        var index = ParseIndex(whole, slice) ?? throw Unreadable(whole, "a slice is empty");
        var next = index.IsFromEnd ? new Index(index.Value - 1, fromEnd: true) : new Index(index.Value + 1);
        return new Range(index, next);
    }

    private static Index? ParseIndex(string whole, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // The place after an index, and the one as far from the other end, are numbers too.
        return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value)
            && value is > int.MinValue and < int.MaxValue
            ? new Index(Math.Abs(value), fromEnd: value < 0)
            : throw Unreadable(whole, $"'{text}' is not a whole number that a place in a list can have");
    }

    private static FlowKitException Unreadable(string path, string why) =>
        new(FlowErrorCode.InvalidArgument, $"The access path '{path}' cannot be read: {why}. Examples: '@r', '@c', '@m[:3]', '@r,cm'.");

    /// <summary>A step of a path: a letter with its slice.</summary>
    private sealed record Step(char Kind, Range? Range)
    {
        /// <summary>Python's slicing: bounds beyond the list are cut, never an error.</summary>
        public IEnumerable<Document> Slice(IReadOnlyList<Document> documents)
        {
            if (Range is not { } range)
            {
                return documents;
            }

            var from = Math.Clamp(range.Start.GetOffset(documents.Count), 0, documents.Count);
            var to = Math.Clamp(range.End.GetOffset(documents.Count), 0, documents.Count);
            return Enumerable.Range(from, Math.Max(0, to - from)).Select(index => documents[index]);
        }
    }
}
