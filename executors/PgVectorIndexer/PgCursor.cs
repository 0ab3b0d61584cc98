using System.Buffers.Text;
using System.Text;

namespace FlowKit.Executors;

/// <summary>The place where a page begins, as text: the last id of the page before, in base64.</summary>
internal static class PgCursor
{
    /// <exception cref="FlowKitException">It is no cursor.</exception>
    public static string? Read(string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        return Base64Url.IsValid(cursor)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"parameters.cursor: '{cursor}' is none; send the cursor that the page before reported, and none for the first page.");
    }

    public static string Write(string id) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id));
}
