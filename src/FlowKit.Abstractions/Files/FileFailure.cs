namespace FlowKit;

/// <summary>Makes errors of what the system says about files and disks: full, over the quota, read-only, failing.</summary>
public static class FileFailure
{
    // errno of Linux and macOS, and Windows' codes as .NET gives them in HResult.
    private const int IoError = 5;
    private const int TooLarge = 27;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int MacQuota = 69;
    private const int Quota = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsWriteProtect = unchecked((int)0x80070013);
    private const int WindowsQuota = unchecked((int)0x80070718);
    private const int WouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>
    /// Returns the error for something that cannot be written: <see cref="FlowErrorCode.ResourceExhausted"/> when there is no room,
    /// <see cref="FlowErrorCode.Unavailable"/> when the disk fails, else <see cref="FlowErrorCode.FailedPrecondition"/>.
    /// </summary>
    /// <param name="what">What cannot be written, with its path: <c>the snapshot '/data/s1'</c>.</param>
    /// <param name="exception">What the system said.</param>
    public static FlowKitException OfWriting(string what, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var (code, reason) = Explain(exception);
        return new FlowKitException(code, $"{what} cannot be written: {reason}", exception);
    }

    /// <summary>Tells whether an exception is one of those that writing a file throws.</summary>
    /// <param name="exception">The exception.</param>
    public static bool IsOfFiles(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Tells whether an exception says that there is no room on a disk, or none that one may have.</summary>
    /// <param name="exception">The exception.</param>
    public static bool IsNoRoom(Exception exception) =>
        IsOfFiles(exception) && Explain(exception).Code == FlowErrorCode.ResourceExhausted;

    /// <summary>Tells whether an exception says that somebody else has a file open, and nothing worse.</summary>
    /// <param name="exception">The exception.</param>
    public static bool IsLocked(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is IOException && exception.HResult is WouldBlock or MacWouldBlock or WindowsSharingViolation;
    }

    private static (FlowErrorCode Code, string Reason) Explain(Exception exception) => exception.HResult switch
    {
        NoSpace or WindowsDiskFull or WindowsHandleDiskFull =>
            (FlowErrorCode.ResourceExhausted, "the disk is full; free some space, or name a folder on another disk"),
        Quota or MacQuota or WindowsQuota =>
            (FlowErrorCode.ResourceExhausted, "the disk quota is used up; free some space, or have the quota raised"),
        TooLarge => (FlowErrorCode.ResourceExhausted, "it would be larger than the system lets a file be"),
        ReadOnly or WindowsWriteProtect =>
            (FlowErrorCode.FailedPrecondition, "it is on a read-only disk; name a folder that can be written"),
        IoError => (FlowErrorCode.Unavailable, "the disk fails (input/output error); look at the system's log"),
        _ => (FlowErrorCode.FailedPrecondition, exception.Message),
    };
}
