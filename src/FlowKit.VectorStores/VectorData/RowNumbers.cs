using System.Globalization;

namespace FlowKit.VectorStores.VectorData;

/// <summary>
/// The numbers of records, ever larger: microseconds since 1970, so that two processes hardly ever give the same, and exact as a double.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class RowNumbers(TimeProvider time)
{
    private long _last;

    /// <summary>Returns the next number; callers come one after another.</summary>
    public long Next() => _last = Math.Max(_last + 1, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Has all further numbers be larger.</summary>
    /// <param name="number">A number that is taken.</param>
    public void Pass(long number) => _last = Math.Max(_last, number);

    /// <summary>Reads the cursor of a page: the number of the record before it.</summary>
    /// <exception cref="FlowKitException">It is no cursor.</exception>
    public static long Read(string? cursor) => cursor switch
    {
        null => 0,
        _ when long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var row) => row,
        _ => throw ParameterReader.Invalid(
            "cursor", $"'{cursor}' is none; send the cursor that the page before reported, and none for the first page."),
    };

    /// <summary>Writes the cursor of the page behind a record.</summary>
    public static string Write(long row) => row.ToString(CultureInfo.InvariantCulture);
}
