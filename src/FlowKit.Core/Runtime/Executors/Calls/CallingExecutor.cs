namespace FlowKit.Runtime.Executors.Calls;

/// <summary>
/// The executor whose call runs here, as its replica's mark: a request that is made in the call has it, and so an executor can be found
/// that asks its own flow and waits for itself. Set once for a replica's loop, so that no call pays for it; calls that are short enough
/// to be made by whoever brings the documents have none.
/// </summary>
internal static class CallingExecutor
{
    private static readonly AsyncLocal<string?> s_mark = new();

    /// <summary>The mark; <see langword="null"/> outside calls.</summary>
    public static string? Mark
    {
        get => s_mark.Value;
        set => s_mark.Value = value;
    }
}
