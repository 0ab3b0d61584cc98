namespace FlowKit.Cli.Commands.Index.Transfer;

/// <summary>Tells formats by the names of files.</summary>
internal static class IndexFormats
{
    /// <summary>The format of a file.</summary>
    /// <param name="path">The file; <c>-</c> for the terminal, which has lines of JSON.</param>
    public static IndexFormat Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" => IndexFormat.Npy,
        ".parquet" => IndexFormat.Parquet,
        _ => IndexFormat.JsonLines,
    };

    /// <summary>Refuses an option that a format has no use for.</summary>
    /// <param name="isUsed">Whether it has.</param>
    /// <param name="value">The value of the option.</param>
    /// <param name="option">Its name.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FlowKitException">It is set in vain.</exception>
    public static void ThrowIfUnused(bool isUsed, string? value, string option, string path)
    {
        if (!isUsed && value is not null)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"{option}: the documents of {path} say it themselves; leave it out.");
        }
    }
}
