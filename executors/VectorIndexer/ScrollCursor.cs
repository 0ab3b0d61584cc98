using System.Globalization;

namespace FlowKit.Executors;

/// <summary>The place where a page begins, as text: the number of a row, which a document keeps as long as it is there.</summary>
internal static class ScrollCursor
{
    /// <exception cref="FlowKitException">It is no cursor.</exception>
    public static int Read(string? cursor)
    {
        if (cursor is null)
        {
            return 0;
        }

        return int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var row)
            ? row
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"parameters.cursor: '{cursor}' is none; send the cursor that the page before reported, and none for the first page.");
    }

    public static string Write(int row) => row.ToString(CultureInfo.InvariantCulture);
}
