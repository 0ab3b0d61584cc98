using System.Globalization;

namespace FlowKit.VectorStores;

/// <summary>
/// The place where a page of <c>/get</c> begins. In shards, one after another gives its pages while the others give nothing, and the place
/// begins with the number of the shard: <c>1:2040</c>.
/// </summary>
/// <param name="Shard">The shard whose page it is.</param>
/// <param name="Place">The cursor within the shard; <see langword="null"/> for its first page.</param>
internal sealed record ShardCursor(int Shard, string? Place)
{
    private const char Separator = ':';

    /// <summary>Reads what the page before reported.</summary>
    /// <exception cref="FlowKitException">It is no cursor of these shards.</exception>
    public static ShardCursor Read(string? cursor, int shards)
    {
        if (shards == 1)
        {
            return new ShardCursor(0, cursor);
        }

        if (cursor is null)
        {
            return new ShardCursor(0, null);
        }

        var cut = cursor.IndexOf(Separator, StringComparison.Ordinal);
        var number = cursor.AsSpan(0, Math.Max(cut, 0));
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var shard) && shard < shards
            ? new ShardCursor(shard, cut + 1 == cursor.Length ? null : cursor[(cut + 1)..])
            : throw ParameterReader.Invalid(
                "cursor",
                $"'{cursor}' is none of {shards} shards; send the cursor that the page before reported, and none for the first page.");
    }

    /// <summary>The cursor of the page behind this one; <see langword="null"/> when there is none.</summary>
    /// <param name="next">The next place within the shard; <see langword="null"/> when it has no more.</param>
    /// <param name="shards">The number of shards.</param>
    public string? Next(string? next, int shards)
    {
        if (shards == 1)
        {
            return next;
        }

        if (next is not null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Shard}{Separator}{next}");
        }

        return Shard + 1 < shards ? string.Create(CultureInfo.InvariantCulture, $"{Shard + 1}{Separator}") : null;
    }
}
